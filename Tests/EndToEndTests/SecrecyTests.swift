import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// No token and no key in anything but the answer and the script, whatever happens, at the loudest log level.
    @Suite struct `secrecy` {
        @Test func `no log, audit line, metric, problem, argument or variable holds a secret`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(
                    stack, settings: ["GATEWAY_LOG_LEVEL": "trace", "GATEWAY_REQUEST_DEADLINE": "3s"])
                var search = Search()
                try await succeed(stack, gateway, &search)
                try await sendHostileTokens(stack, gateway, &search)
                try await failAtSTS(stack, gateway, &search)
                try await runClients(scene, stack, gateway, &search)
                search.look(in: try await http(gateway.health + "/metrics").text, "metrics")
                search.look(in: try gateway.child.proc("cmdline"), "the gateway's arguments")
                search.look(in: try gateway.child.proc("environ"), "the gateway's environment")
                gateway.child.send(signal: SIGTERM)
                #expect(try await gateway.child.finish() == 0)
                search.look(in: gateway.child.output + gateway.child.errors, "the gateway's log")
                search.look(in: try String(contentsOf: gateway.audit, encoding: .utf8), "the audit")
                #expect(gateway.child.errors.contains("exchange refused"), "the log was not where this test looked")
                #expect(search.needles.count > 20)
                #expect(search.finds.isEmpty)
            }
        }

        private func succeed(_ stack: Stack, _ gateway: Gateway, _ search: inout Search) async throws {
            let token = try await stack.token()
            search.hide(token: token)
            let answer = try await gateway.exchange(token)
            #expect(answer.status == 200)
            #expect(answer.headers["cache-control"] == "no-store")
            try search.hide(answer.string("secret_access_key"))
            try search.hide(answer.string("session_token"))
            #expect(search.found(in: answer.text).count == 3, "the search finds nothing where everything is")
        }

        /// Members of a build for `POST /_dev/tokens`, and the code that its token earns.
        private static let hostile: [(fields: String, code: String)] = [
            (#""claims": {"iat": 1700000000, "exp": 1700000300}"#, "token_expired"),
            (#""audience": ["other.example"]"#, "token_audience"),
            (#""repo": "other-repo""#, "policy_denied"),
            (#""claims": {"token_type": "IDRequest"}"#, "token_type"),
            (#""claims": {"iss": "https://vela.evil.example"}"#, "token_unknown_issuer"),
            (#""claims": {"sub": null}"#, "token_claims"),
            (#""header": {"kid": "nobody"}"#, "keys_unavailable"),
        ]

        private func sendHostileTokens(_ stack: Stack, _ gateway: Gateway, _ search: inout Search) async throws {
            for (fields, code) in Self.hostile {
                let token = try await stack.token(fields)
                search.hide(token: token)
                let answer = try await gateway.exchange(token)
                #expect([code, "token_unknown_key"].contains(answer.code), "\(fields): \(answer.text)")
                search.look(in: answer.text, fields)
            }
            let token = try await stack.token()
            search.hide(token: token)
            let spoilt = String(token.dropLast(8)) + "AAAAAAAA"
            search.look(in: try await gateway.exchange(spoilt).text, "signature_invalid")
            search.look(in: try await gateway.exchange(token + ".x").text, "malformed")
            for body in [
                #"{"role": "\#(token)"}"#, "\(token)", #"{"role": "\#(Gateway.role)", "region": "\#(token)"}"#,
                #"{"role": "\#(Gateway.role)", "\#(token)": 1}"#,
            ] {
                let answer = try await gateway.exchange(token, body)
                #expect(answer.status == 400, "\(answer.text)")
                search.look(in: answer.text, "a token in a wrong field")
            }
            let named = try await http(
                gateway.service + "/v1/credentials", body: #"{"role": "\#(Gateway.role)"}"#,
                headers: [
                    "Authorization": "Bearer \(token)", "Content-Type": "application/json", "X-Request-Id": token,
                    "traceparent": token,
                ])
            #expect(named.status == 200)
            search.look(in: try await http(gateway.service + "/v1/other?token=\(token)").text, "not_found")
            search.look(in: try await http(gateway.service + "/v1/credentials?token=\(token)").text, "the query")
        }

        private func failAtSTS(_ stack: Stack, _ gateway: Gateway, _ search: inout Search) async throws {
            let token = try await stack.token()
            search.hide(token: token)
            let faults = [
                #"{"code": "InvalidIdentityToken", "message": "The token \#(token) is not good", "sticky": true}"#,
                #"{"code": "Throttling", "message": "\#(token)", "sticky": true}"#,
                #"{"truncate": true, "sticky": true}"#, #"{"wrong_account": true, "sticky": true}"#,
                #"{"expired": true, "sticky": true}"#, #"{"html": true, "sticky": true}"#,
                #"{"body": "<Error><Code>\#(token)</Code></Error>", "status": 403, "sticky": true}"#,
                #"{"delay_ms": 60000, "sticky": true}"#,
            ]
            for fault in faults {
                try await stack.fail("[\(fault)]")
                let answer = try await gateway.exchange(token)
                #expect(answer.status >= 500)
                search.look(in: answer.text, fault)
            }
        }

        private func runClients(
            _ scene: Scene, _ stack: Stack, _ gateway: Gateway, _ search: inout Search
        ) async throws {
            let script = scene.file("setup.sh")
            let parameters: [String: JSONValue] = [
                "log_level": .string("trace"), "script_write": .bool(true), "script_path": .string(script.path),
            ]
            let step = try await stack.step()
            // Held back at STS, so that there is a process to look at while the token is on its way.
            try await stack.fail(#"[{"delay_ms": 1500}]"#)
            let client = try await scene.startClient(step, gateway.service, parameters)
            try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
            let arguments = try client.proc("cmdline")
            // Vela itself puts the request token into the environment; nothing else may be there.
            let environment = try client.proc("environ").replacing(step.token, with: "")
            #expect(try await client.finish() == 0, "\(client.errors)")
            search.hide(token: step.token)
            for line in try String(contentsOf: script, encoding: .utf8).split(separator: "\n")
            where line.contains("SECRET") || line.contains("SESSION_TOKEN=") {
                search.hide(String(line.split(separator: "'").last ?? ""))
            }
            try await stack.fail("[]")
            let refused = try await scene.client(try await stack.step(repo: "other-repo"), gateway.service, parameters)
            #expect(refused.status == 1)
            search.look(in: arguments, "the client's arguments")
            search.look(in: environment, "the client's environment")
            search.look(in: client.output + client.errors, "the client's log")
            search.look(in: refused.output + refused.errors, "the refused client's log")
        }

        @Test func `neither program leaves a core or lets itself be traced`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                try expectNoCore(of: gateway.child)
                try await stack.fail(#"[{"delay_ms": 1500}]"#)
                let client = try await scene.startClient(try await stack.step(), gateway.service)
                try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
                try expectNoCore(of: client)
                #expect(try await client.finish() == 0)
            }
        }

        private func expectNoCore(of child: Child) throws {
            let limit = try child.proc("limits").split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            let words = limit?.split { $0 == " " } ?? []
            #expect(words.contains("0") && !words.contains("unlimited"), "\(child.name): \(limit ?? "")")
        }

        @Test(.enabled(if: Requirement.root, "becoming another user needs root"))
        func `the kernel gives an undumpable process's files to root`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                try await stack.fail(#"[{"delay_ms": 1500}]"#)
                let gateway = try await scene.gateway(stack)
                let step = try await stack.step()
                // A copy, because the folder of the build may be closed to others.
                let copy = scene.file("vela-aws-credentials")
                try FileManager.default.copyItem(at: Programs.client, to: copy)
                let client = try await scene.start(
                    URL(filePath: "/usr/bin/setpriv"),
                    ["--reuid=65534", "--regid=65534", "--clear-groups", copy.path],
                    variables: [
                        "VELA_ID_TOKEN_REQUEST_URL": step.url, "VELA_ID_TOKEN_REQUEST_TOKEN": step.token,
                        "PARAMETER_ROLE": Gateway.role, "PARAMETER_GATEWAY_URL": gateway.service,
                    ], name: "client")
                try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
                #expect(try client.proc("status").contains("Uid:\t65534"))
                let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(client.pid)/environ")
                #expect((owner[.ownerAccountID] as? NSNumber)?.intValue == 0)
                #expect(try await client.finish() == 0, "\(client.errors)")
            }
        }
    }
}

/// Secrets, and where they were found.
private struct Search {
    /// The beginnings of every JWT of ours and of every session token of the stand-in, known or not.
    private(set) var needles: Set<String> = ["eyJhbGciOi", "IQoJb3JpZ2luX2Vj"]
    private(set) var finds: [String] = []

    /// Payload and signature betray a token as well as the whole.
    mutating func hide(token: String) {
        for part in token.split(separator: ".").dropFirst() { hide(String(part)) }
    }

    mutating func hide(_ secret: String) {
        if secret.utf8.count >= 16 { needles.insert(secret) }
    }

    /// The needles that stand in `text`.
    func found(in text: String) -> [String] { needles.filter { text.contains($0) } }

    mutating func look(in text: String, _ place: String) {
        finds += found(in: text).map { "\(place): \($0.prefix(12))..." }
    }
}
