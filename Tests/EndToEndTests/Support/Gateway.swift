import Foundation
import StrictJSON

/// A gateway that runs.
struct Gateway: Sendable {
    let child: Child
    let service: String
    let health: String
    let audit: URL

    static let role = "arn:aws:iam::123456123456:role/test"

    /// Asks for credentials with `token`.
    func exchange(_ token: String, _ body: String = #"{"role": "\#(role)"}"#) async throws -> Answer {
        try await http(
            service + "/v1/credentials", body: body,
            headers: ["Authorization": "Bearer \(token)", "Content-Type": "application/json"])
    }

    func readyz() async throws -> Answer { try await http(health + "/readyz") }

    /// Waits until it is ready.
    func awaitReady() async throws {
        try await poll("readiness") { try await self.readyz().status == 200 ? true : nil }
    }

    /// The value of a metric with exactly these labels, as `name{label="value"}`; nil when it is not shown.
    func metric(_ series: String) async throws -> Double? {
        let lines = try await http(health + "/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// The audit file's lines. Lines that are no JSON are left out: a write on a full disk may leave a torn one.
    func auditLines() throws -> [JSONObject] {
        try Data(contentsOf: audit).split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONValue(parsing: Array($0)).object  // See above.
        }
    }

    /// The access key ids of the audit's allowed lines, in order.
    func allowedKeys() throws -> [String] {
        try auditLines().filter { $0["outcome"]?.string == "allowed" }.compactMap { $0["access_key_id"]?.string }
    }
}

extension Scene {
    /// Starts a gateway for `stack` and waits until it is ready.
    func gateway(
        _ stack: Stack, policy: String? = nil, sts: String? = nil, settings: [String: String] = [:],
        untilReady: Bool = true
    ) async throws -> Gateway {
        let id = UUID().uuidString
        let policyFile = try write(policy ?? Policy.usual(stack.issuer), to: "policy-\(id).yaml")
        let audit = file("audit-\(id).log")
        let usual = [
            "GATEWAY_LISTEN": "127.0.0.1:0", "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0",
            "GATEWAY_ADMIN_LISTEN": "127.0.0.1:0", "GATEWAY_DRAIN_DELAY": "0s",
            "GATEWAY_POLICY": policyFile.path, "GATEWAY_STS_ENDPOINT": sts ?? stack.sts,
            "GATEWAY_AUDIT": "file:\(audit.path)", "GATEWAY_READY_FILE": file("gateway-\(id).json").path,
        ]
        let variables = usual.merging(settings) { $1 }
        let child = try start(Programs.gateway, ["serve"], variables: variables, name: "gateway")
        let gateway = try await gateway(child, variables)
        if untilReady { try await gateway.awaitReady() }
        return gateway
    }

    /// The gateway that runs as `child` with these variables.
    func gateway(_ child: Child, _ variables: [String: String]) async throws -> Gateway {
        let document = try await document(URL(filePath: variables["GATEWAY_READY_FILE"] ?? ""), of: child)
        guard let service = document["service"]?.string, let health = document["health"]?.string else {
            throw Unexpected("the ready file of the gateway lacks an address")
        }
        let audit = variables["GATEWAY_AUDIT"] ?? ""
        return Gateway(
            child: child, service: service, health: health, audit: URL(filePath: String(audit.dropFirst(5))))
    }
}

/// Policies of the tests.
enum Policy {
    /// Gives the role `test` to pushes of octo-org/octo-repo in the client's image.
    static func usual(_ issuer: String, repo: String = "octo-repo") -> String {
        head(issuer) + """
            rules:
              - name: octo-repo
                issuer: vela
                condition:
                  StringLike: {sub: "repo:octo-org/\(repo):*", image: "registry.example.com/vela-aws-credentials:1.*"}
                  StringEquals: {aud: sts.amazonaws.com, event: [push, tag]}
                  Bool: {commands: false, pull_fork: false}
                roles: ["arn:aws:iam::123456123456:role/test"]
                regions: [us-east-1, us-west-2]
                max_duration: 1h
                session_name: "{repo_org}.{repo_name}-{build_number}"

            """
    }

    /// Lets the caller name the session, of four roles in two accounts.
    static func load(_ issuer: String) -> String {
        head(issuer) + """
            rules:
              - name: load
                issuer: vela
                condition: {StringEquals: {repo: octo-org/octo-repo}}
                roles:
                  - "arn:aws:iam::123456123456:role/load-0"
                  - "arn:aws:iam::123456123456:role/load-1"
                  - "arn:aws:iam::123456123456:role/load-2"
                  - "arn:aws:iam::123456123456:role/load-3"
                regions: [us-east-1]
                max_duration: 1h

            """
    }

    private static func head(_ issuer: String) -> String {
        """
        version: 1
        issuers:
          - name: vela
            url: "\(issuer)"
            audiences: [sts.amazonaws.com]
            claims: vela

        """
    }
}
