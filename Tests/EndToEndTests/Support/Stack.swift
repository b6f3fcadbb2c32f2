import Foundation
import StrictJSON

/// A development stack that runs: a Vela and a stand-in for STS.
struct Stack: Sendable {
    let child: Child
    let issuer: String
    let vela: String
    let sts: String

    /// What Vela gives a step.
    struct Step: Sendable {
        let url: String
        let token: String
    }

    /// Posts to an address under `/_dev/` of the Vela server.
    @discardableResult
    func direct(_ path: String, _ body: String = "{}") async throws -> JSONObject {
        let answer = try await http(vela + path, body: body, headers: ["Content-Type": "application/json"])
        guard answer.status == 200 else { throw Unexpected("\(path): \(answer.status) \(answer.text)") }
        return try answer.object
    }

    /// ID tokens for builds as `fields` describe them, members of a JSON object without its braces.
    func tokens(_ count: Int = 1, _ fields: String = "") async throws -> [String] {
        let more = fields.isEmpty ? "" : ", \(fields)"
        let answer = try await direct("/_dev/tokens", #"{"count": \#(count), "image": "\#(clientImage)"\#(more)}"#)
        return answer["tokens"]?.array?.compactMap(\.string) ?? []
    }

    /// One ID token.
    func token(_ fields: String = "") async throws -> String {
        guard let token = try await tokens(1, fields).first else { throw Unexpected("no token") }
        return token
    }

    /// A step of a running build of octo-org/octo-repo, or of another repository.
    func step(repo: String = "octo-repo") async throws -> Step {
        let fields = #"{"org": "octo-org", "repo": "\#(repo)", "build": 7, "image": "\#(clientImage)"}"#
        let answer = try await direct("/_dev/builds", fields)
        guard let url = answer["request_url"]?.string, let token = answer["request_token"]?.string else {
            throw Unexpected("no request_url or request_token")
        }
        return Step(url: url, token: token)
    }

    /// Sets the faults of STS, and forgets the calls so far.
    func fail(_ faults: String) async throws {
        try await direct("/_dev/sts/faults", faults)
        try await direct("/_dev/sts/counts/reset")
    }

    /// The calls of AssumeRoleWithWebIdentity since the faults were set.
    func calls() async throws -> Int {
        let counts = try await http(vela + "/_dev/sts/counts").object
        return Int(counts["AssumeRoleWithWebIdentity"]?.integer ?? -1)
    }

    /// The ids of the published keys.
    func restartVela() async throws { try await direct("/_dev/keys/restart") }
    func rotateKeys() async throws { try await direct("/_dev/keys/rotate") }

    /// Whether the key that signed `token` is still published.
    func publishes(keyOf token: String) async throws -> Bool {
        let keys = try await http(issuer + "/.well-known/jwks").object["keys"]?.array ?? []
        let header = token.prefix { $0 != "." }
        guard let bytes = Base64URL.decode(header.utf8), let kid = try JSONValue(parsing: bytes).object?["kid"] else {
            throw Unexpected("no kid in the token's header")
        }
        return keys.contains { $0.object?["kid"] == kid }
    }
}

/// The image that the tests' policy expects.
let clientImage = "registry.example.com/vela-aws-credentials:1.0.0"

extension Scene {
    /// Starts a development stack. `verify` is off for load.
    /// `options` are more of the program's.
    func stack(verify: Bool = true, issuerPort: Int = 0, options: [String] = []) async throws -> Stack {
        let ready = file("stack-\(UUID().uuidString).json")
        let child = try start(
            Programs.devstack,
            [
                "--ready-file", ready.path, "--issuer-port", "\(issuerPort)", "--sts-verify", verify ? "on" : "off",
                "--parent-pid", "\(getpid())",
            ] + options, name: "devstack")
        let document = try await document(ready, of: child)
        guard let issuer = document["issuer"]?.string, let vela = document["vela"]?.string,
            let sts = document["sts"]?.string
        else { throw Unexpected("the ready file of the stack lacks an address") }
        return Stack(child: child, issuer: issuer, vela: vela, sts: sts)
    }

    /// The ready file of `child`, once it is there.
    nonisolated func document(_ ready: URL, of child: Child) async throws -> JSONObject {
        try await poll("the ready file of \(child.name)") {
            if let data = try? Data(contentsOf: ready) {  // Not there yet.
                return try JSONValue(parsing: Array(data)).object
            }
            guard child.isRunning else { throw Unexpected("\(child.name) did not start: \(child.errors)") }
            return nil
        }
    }
}
