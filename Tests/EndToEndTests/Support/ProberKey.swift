import Foundation
import StrictJSON

/// A prober's key, and the policy that knows it.
struct ProberKey: Sendable {
    static let issuer = "https://prober.example.com"
    static let role = "arn:aws:iam::123456123456:role/probe"
    static let forbiddenRole = "arn:aws:iam::123456123456:role/test"

    let key: URL
    let keySet: URL

    /// The policy of docs/operations.md beside the usual one. `more` are further lines of the prober's rule.
    func policy(_ issuer: String, _ more: String = "") -> String {
        let rules = """
              - name: prober
                issuer: prober
                condition: {StringEquals: {sub: probe}}
                roles: ["\(Self.role)"]
                max_duration: 15m
                session_name: prober
            \(more)

            """
        let issuers = """
              - name: prober
                url: "\(Self.issuer)"
                audiences: [vela-aws-gateway]
                claims: generic
                algorithms: [ES256]
                keys_file: "\(keySet.path)"
            rules:
            """
        return Policy.usual(issuer).replacing("rules:", with: issuers) + rules
    }

    /// The options of a run with the key.
    var options: [String] {
        [
            "--key", key.path, "--issuer", Self.issuer, "--audience", "vela-aws-gateway", "--subject", "probe",
            "--role", Self.role,
        ]
    }
}

extension Scene {
    /// Has the gateway's own command make a key.
    func proberKey() async throws -> ProberKey {
        let made = ProberKey(key: file("prober.pem"), keySet: file("prober.json"))
        let run = try await run(
            Programs.gateway, ["probe", "new-key", "--key", made.key.path, "--key-set", made.keySet.path],
            name: "new-key")
        guard run.status == 0 else { throw Unexpected("new-key: \(run.errors)") }
        return made
    }

    /// Runs all checks of `service` once.
    func probe(_ service: String, _ options: [String]) async throws -> Child.Ended {
        try await run(Programs.gateway, ["probe", "--gateway", service] + options, name: "probe")
    }

    /// Starts the server that checks nothing, and gives its address.
    func yesServer(answer: String) async throws -> String {
        let ready = file("\(answer)-server.json")
        let script = Programs.root.appending(path: "Tests/EndToEndTests/Support/yes_server.py")
        let child = try start(
            Programs.python(), [script.path, "--ready", ready.path, "--answer", answer], name: "\(answer)-server")
        guard let service = try await document(ready, of: child)["service"]?.string else {
            throw Unexpected("the server's address is missing")
        }
        return service
    }
}
