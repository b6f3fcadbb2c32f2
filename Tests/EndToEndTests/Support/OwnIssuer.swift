import Foundation
import StrictJSON

/// The gateway as an issuer: its keys, the folder that stands for its public URL, and an AWS that knows that URL.
struct OwnIssuer: Sendable {
    let stack: Stack
    let keys: URL
    let published: URL

    /// What AWS knows the gateway by. A stack in this test serves the folder there.
    var url: String { stack.sts + "/published" }

    /// The settings of a gateway that is this issuer.
    var settings: [String: String] { ["GATEWAY_ISSUER_URL": url, "GATEWAY_ISSUER_KEYS": keys.path] }

    /// A direct call of STS, as a step makes it that goes past the gateway.
    func assumeRole(_ token: String) async throws -> Answer {
        let form = [
            "Action=AssumeRoleWithWebIdentity", "Version=2011-06-15", "RoleArn=\(Gateway.role)", "RoleSessionName=step",
            "WebIdentityToken=\(token)",
        ].joined(separator: "&")
        return try await http(
            stack.sts + "/", body: form, headers: ["Content-Type": "application/x-www-form-urlencoded"])
    }

    /// The claims of the tokens that STS was shown, oldest first.
    func shownClaims() async throws -> [JSONObject] {
        let calls = try await http(stack.vela + "/_dev/sts/calls").object["calls"]?.array ?? []
        return calls.compactMap { $0.object?["claims"]?.object }
    }
}

extension Scene {
    /// Makes a first key, an AWS that trusts what `trust` says, and publishes.
    func ownIssuer(trust: String) async throws -> OwnIssuer {
        let (keys, published) = (file("issuer-keys"), file("issuer-public"))
        for folder in [keys, published] {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
        let stack = try await stack(options: ["--published", published.path, "--sts-trust", trust])
        let issuer = OwnIssuer(stack: stack, keys: keys, published: published)
        try await gatewayCommand(["issuer", "new-key", keys.path, "--at-once"])
        try await gatewayCommand(["issuer", "publish", published.path], issuer.settings)
        return issuer
    }

    /// Adds a key beside the one in use, and publishes both.
    func rotate(_ issuer: OwnIssuer) async throws {
        try await gatewayCommand(["issuer", "new-key", issuer.keys.path])
        try await gatewayCommand(["issuer", "publish", issuer.published.path], issuer.settings)
    }

    private func gatewayCommand(_ arguments: [String], _ variables: [String: String] = [:]) async throws {
        let ended = try await run(Programs.gateway, arguments, variables: variables, name: "issuer")
        guard ended.status == 0 else { throw Unexpected("\(arguments): \(ended.errors)") }
    }
}

extension Policy {
    /// The usual rule in issuer mode, and, where `forwarding` names one, a second role of a rule that forwards.
    static func minting(_ issuer: String, forwarding role: String? = nil) -> String {
        let audiences = role == nil ? "[vela-aws-gateway]" : "[vela-aws-gateway, sts.amazonaws.com]"
        let old =
            role.map {
                """
                  - name: old
                    issuer: vela
                    federation: forward
                    condition: {StringEquals: {repo: octo-org/octo-repo, event: push}}
                    roles: ["\($0)"]

                """
            } ?? ""
        return """
            version: 1
            federation: issuer
            issuers:
              - {name: vela, url: "\(issuer)", audiences: \(audiences), claims: vela}
            rules:
              - name: octo-repo
                issuer: vela
                condition: {StringEquals: {repo: octo-org/octo-repo, event: push}}
                roles: ["\(Gateway.role)"]
                session_name: "{repo_org}.{repo_name}-{build_number}"
                source_identity: "{repo_org}.{repo_name}.{build_number}"
                tags: {Repo: "{repo}", Event: {value: "{event}", transitive: true}}
            \(old)
            """
    }
}
