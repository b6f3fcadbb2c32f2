import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// No token and no key in anything but the answer and the script, whatever happens, at the loudest log level.
    @Suite struct `secrecy` {
        /// One gateway for each log level, all of which meet every fault.
        @Test func `no log, audit line, metric, problem, argument or variable holds a secret`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                var search = Search()
                var gateways: [Gateway] = []
                for level in ["trace", "debug", "info", "notice", "warning", "error", "critical"] {
                    let settings = ["GATEWAY_LOG_LEVEL": level, "GATEWAY_REQUEST_DEADLINE": "3s"]
                    let gateway = try await scene.gateway(stack, settings: settings)
                    gateways.append(gateway)
                    try await succeed(stack, gateway, &search)
                    try await sendHostileTokens(stack, gateway, &search)
                }
                try await failAtSTS(stack, gateways, &search)
                for gateway in gateways.prefix(2) { try await runClients(scene, stack, gateway, &search) }
                for gateway in gateways { try await look(at: gateway, &search) }
                #expect(gateways[0].child.errors.contains("exchange refused"), "the log was not where this test looked")
                #expect(gateways[6].child.errors.isEmpty, "\(gateways[6].child.errors)")
                #expect(search.needles.count > 20)
                #expect(search.finds.isEmpty)
            }
        }

        private func look(at gateway: Gateway, _ search: inout Search) async throws {
            search.look(in: try await http(gateway.health + "/metrics").text, "metrics")
            search.look(in: try await gateway.readyz().text, "readyz")
            search.look(in: try gateway.child.proc("cmdline"), "the gateway's arguments")
            search.look(in: try gateway.child.proc("environ"), "the gateway's environment")
            gateway.child.send(signal: SIGTERM)
            #expect(try await gateway.child.finish() == 0)
            search.look(in: gateway.child.output + gateway.child.errors, "the gateway's log")
            search.look(in: try String(contentsOf: gateway.audit, encoding: .utf8), "the audit")
        }

        @Test(.enabled(if: Requirement.root, "mounting needs root"))
        func `credentials that are withheld because the disk is full stand nowhere`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let disk = try await scene.mountMemory("disk", kilobytes: 64)
                let gateway = try await scene.gateway(
                    stack,
                    settings: [
                        "GATEWAY_LOG_LEVEL": "trace", "GATEWAY_AUDIT": "file:\(disk.path)/audit.log",
                    ])
                try Data(count: 60 * 1024).write(to: disk.appending(path: "ballast"))
                var search = Search()
                let withheld = try await poll("a withheld exchange") {
                    let token = try await stack.token()
                    search.hide(token: token)
                    let answer = try await gateway.exchange(token)
                    if answer.status == 200 {
                        try search.hide(answer.string("secret_access_key"))
                        return Answer?.none
                    }
                    return answer
                }
                #expect(withheld.code == "audit_unavailable", "\(withheld.text)")
                search.look(in: withheld.text, "the answer")
                try await look(at: gateway, &search)
                #expect(gateway.child.errors.contains("ASIA"), "the log does not name what was withheld")
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

        private func failAtSTS(_ stack: Stack, _ gateways: [Gateway], _ search: inout Search) async throws {
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
                let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                    for gateway in gateways { group.addTask { try await gateway.exchange(token) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.count == gateways.count)
                for answer in answers {
                    #expect(answer.status >= 500)
                    search.look(in: answer.text, fault)
                }
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
    }
}
