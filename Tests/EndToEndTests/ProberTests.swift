import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// `vela-aws-gateway probe` as a CronJob runs it: what it says of gateways that are as they should be, and of others.
    @Suite struct `prober` {
        /// What a token file alone can try.
        private static let checks = [
            "good_token", "no_token", "signature_changed", "payload_changed", "algorithm_none", "issuer_changed",
        ]
        private static let checksByKey = checks + ["expired", "other_audience", "other_key"]

        private func expect(_ run: Child.Ended, _ lines: [String], status: Int32) {
            #expect(run.status == status, "\(run.output)\(run.errors)")
            let found = run.output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
            #expect(found.dropLast().map(String.init) == lines, "\(run.output)\(run.errors)")
        }

        /// The options for a token of Vela's in a file, and a search for it.
        private func tokenFile(
            _ scene: Scene, _ stack: Stack, _ fields: String = ""
        ) async throws -> (options: [String], search: Search) {
            let token = try await stack.token(fields)
            var search = Search()
            search.hide(token: token)
            let file = try scene.write(token + "\n", to: "token-\(UUID().uuidString)")
            return (["--token-file", file.path, "--role", Gateway.role], search)
        }

        @Test func `a gateway as it should be passes with Vela's token`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let (options, _) = try await tokenFile(scene, stack)
                let metrics = scene.file("probe.prom")
                let run = try await scene.probe(
                    gateway.service,
                    options + ["--forbidden-role", ProberKey.role, "--metrics-file", metrics.path])
                expect(run, (Self.checks + ["forbidden_role"]).map { "ok    \($0)" }, status: 0)
                #expect(run.output.hasSuffix("7 as expected, 0 not, \(gateway.service)\n") && run.errors.isEmpty)
                #expect(try await stack.calls() == 1)
                let text = try String(contentsOf: metrics, encoding: .utf8)
                #expect(text.contains("\nvela_gateway_probe_success 1\n"))
                #expect(text.contains("\nvela_gateway_probe_check_success{check=\"forbidden_role\"} 1\n"))
                let attributes = try FileManager.default.attributesOfItem(atPath: metrics.path)
                #expect(attributes[.posixPermissions] as? Int == 0o644)
            }
        }

        @Test func `a key of its own passes run after run, where each token counts once too`() async throws {
            try await withScene { scene in
                let (stack, prober) = (try await scene.stack(verify: false), try await scene.proberKey())
                let gateway = try await scene.gateway(
                    stack, policy: prober.policy(stack.issuer, "    one_use: {fronts: [credentials]}"),
                    settings: ["GATEWAY_ONE_USE_STORE": "memory"])
                for _ in 0..<2 {
                    let run = try await scene.probe(
                        gateway.service, prober.options + ["--forbidden-role", ProberKey.forbiddenRole])
                    expect(run, (Self.checksByKey + ["forbidden_role"]).map { "ok    \($0)" }, status: 0)
                }
                #expect(try gateway.allowedKeys().count == 2)
            }
        }

        @Test func `where AWS does not know its issuer, it says so, and asks for less when it is told to`() async throws
        {
            try await withScene { scene in
                let (stack, prober) = (try await scene.stack(), try await scene.proberKey())
                let gateway = try await scene.gateway(stack, policy: prober.policy(stack.issuer))
                let served = try await scene.probe(gateway.service, prober.options)
                expect(
                    served, ["FAIL  good_token"] + Self.checksByKey.dropFirst().map { "ok    \($0)" }, status: 1)
                #expect(served.output.contains("sts_rejected") && served.output.contains("--expect verified"))
                let verified = try await scene.probe(gateway.service, prober.options + ["--expect", "verified"])
                expect(verified, Self.checksByKey.map { "ok    \($0)" }, status: 0)
            }
        }

        @Test(.enabled(if: Requirement.python, "needs .venv: Scripts/install-dependencies test"))
        func `a server that gives credentials to everybody fails each check but the first`() async throws {
            try await withScene { scene in
                let (server, prober) = (try await scene.yesServer(answer: "yes"), try await scene.proberKey())
                let metrics = scene.file("probe.prom")
                let run = try await scene.probe(
                    server,
                    prober.options + ["--forbidden-role", ProberKey.forbiddenRole, "--metrics-file", metrics.path])
                expect(
                    run,
                    ["ok    good_token"] + (Self.checksByKey.dropFirst() + ["forbidden_role"]).map { "FAIL  \($0)" },
                    status: 1)
                #expect(run.output.contains("WITH CREDENTIALS") && run.output.contains("stop it now"))
                #expect(!(run.output + run.errors).contains("CANARY"))
                let text = try String(contentsOf: metrics, encoding: .utf8)
                #expect(text.contains("\nvela_gateway_probe_success 0\n"))
                #expect(text.contains("{check=\"no_token\"} 0\n") && text.contains("{check=\"good_token\"} 1\n"))

                let json = try await scene.probe(server, prober.options + ["--json"])
                let object = try #require(try JSONValue(parsing: Array(json.output.utf8)).object)
                #expect(json.status == 1 && object["success"] == .bool(false))
                let names = object["checks"]?.array?.compactMap { $0.object?["check"]?.string }
                #expect(names == Self.checksByKey)
            }
        }

        @Test(.enabled(if: Requirement.python, "needs .venv: Scripts/install-dependencies test"))
        func `a server that repeats the token, or anything, is not quoted`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let server = try await scene.yesServer(answer: "echo")
                for format in [[], ["--json"]] {
                    var (options, search) = try await tokenFile(scene, stack)
                    let run = try await scene.probe(server, options + format)
                    #expect(run.status == 1)
                    search.look(in: run.output + run.errors, "the output")
                    #expect(search.finds.isEmpty, "\(run.output)\(run.errors)")
                    #expect(run.output.contains("no answer of the gateway's"))
                }
            }
        }

        @Test func `a gateway that is gone fails every check, and the metrics say so`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                await gateway.child.end()
                let metrics = scene.file("probe.prom")
                let run = try await scene.probe(
                    gateway.service, try await tokenFile(scene, stack).options + ["--metrics-file", metrics.path])
                expect(run, Self.checks.map { "FAIL  \($0)" }, status: 1)
                #expect(run.output.contains("cannot connect") && run.output.contains("check --gateway"))
                #expect(try String(contentsOf: metrics, encoding: .utf8).contains("\nvela_gateway_probe_success 0\n"))
            }
        }

        @Test func `the certificate must be of the authority that was named`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let (right, wrong) = (try await scene.authority("right"), try await scene.authority("wrong"))
                let gateway = try await scene.gateway(
                    stack,
                    settings: ["GATEWAY_TLS_CERTIFICATE": right.server.path, "GATEWAY_TLS_KEY": right.key.path])
                func run(_ authority: Authority) async throws -> Child.Ended {
                    try await scene.probe(
                        gateway.service,
                        try await tokenFile(scene, stack).options + ["--gateway-ca", authority.certificate.path])
                }
                expect(try await run(right), Self.checks.map { "ok    \($0)" }, status: 0)
                let mistrusted = try await run(wrong)
                expect(mistrusted, Self.checks.map { "FAIL  \($0)" }, status: 1)
                #expect(mistrusted.output.contains("no trusted TLS connection"))
                #expect(try await stack.calls() == 1)
            }
        }

        @Test func `a good token that is refused fails its check alone, with the way to the reason`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                let (options, _) = try await tokenFile(scene, stack, #""repo": "other-repo""#)
                let run = try await scene.probe(gateway.service, options)
                expect(run, ["FAIL  good_token"] + Self.checks.dropFirst().map { "ok    \($0)" }, status: 1)
                #expect(run.output.contains("403 policy_denied, expected 200 with credentials, request id "))
                let id = try #require(
                    try gateway.auditLines().first { $0["code"]?.string == "policy_denied" }?["request_id"]?.string)
                #expect(run.output.contains(id))
            }
        }

        @Test(.enabled(if: Requirement.python, "needs .venv: Scripts/install-dependencies test"))
        func `servers that are silent, redirect or flood fail each check, and nothing is followed`() async throws {
            try await withScene { scene in
                let (stack, hostile) = (try await scene.stack(), try await scene.hostileServer())
                let ways = [
                    ("silent", "no answer in time"), ("redirect", "without a code of the gateway"),
                    ("huge", "longer than"), ("no_http", "the answer cannot be read"),
                ]
                for (way, words) in ways {
                    let (options, _) = try await tokenFile(scene, stack)
                    let run = try await scene.probe(hostile.url(way), options + ["--timeout", "500ms"])
                    expect(run, Self.checks.map { "FAIL  \($0)" }, status: 1)
                    let lines = run.output.split(separator: "\n").dropLast()
                    #expect(lines.allSatisfy { $0.contains(words) }, "\(way): \(run.output)")
                }
                #expect(try hostile.requests("redirect") == Self.checks.count && hostile.requests("target") == 0)
            }
        }

        @Test func `a token on standard input is as good, and stands in no argument, variable or core`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                var (options, search) = try await tokenFile(scene, stack)
                // Held back at STS, so that there is a process to look at while the token is on its way.
                try await stack.fail(#"[{"delay_ms": 3000}]"#)
                let child = try await scene.start(
                    URL(filePath: "/bin/sh"),
                    ["-c", #"file=$1; shift; exec "$@" <"$file""#, "sh", options[1], Programs.gateway.path, "probe"]
                        + ["--gateway", gateway.service, "--token-file", "-", "--role", Gateway.role],
                    name: "probe")
                try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
                search.look(in: try child.proc("cmdline") + child.proc("environ"), "arguments and variables")
                let limit = try child.proc("limits").split(separator: "\n").first { $0.hasPrefix("Max core file size") }
                let words = limit?.split { $0 == " " } ?? []
                #expect(words.dropFirst(4) == ["0", "0", "bytes"], "\(words)")
                #expect(try await child.finish() == 0, "\(child.output)\(child.errors)")
                search.look(in: child.output + child.errors, "the output")
                #expect(search.finds.isEmpty)
            }
        }

        @Test func `what cannot begin says why, and leaves metrics of a failure`() async throws {
            try await withScene { scene in
                let metrics = scene.file("probe.prom")
                let junk = try scene.write("CANARY-no-token", to: "junk")
                let always = ["--role", Gateway.role, "--metrics-file", metrics.path]
                let cases = [
                    (["--token-file", junk.path], "no token"),
                    (["--token-file", scene.file("none").path], "cannot read"),
                    (
                        ["--key", junk.path, "--issuer", "i", "--audience", "a", "--subject", "s"], "probe new-key"
                    ),
                ]
                for (options, words) in cases {
                    let run = try await scene.probe("https://gateway.example.com", options + always)
                    #expect(run.status == 1 && run.output.isEmpty)
                    #expect(run.errors.contains(words) && !run.errors.contains("CANARY"), "\(run.errors)")
                    let text = try String(contentsOf: metrics, encoding: .utf8)
                    #expect(text.contains("\nvela_gateway_probe_success 0\n"))
                    try FileManager.default.removeItem(at: metrics)
                }
            }
        }

        @Test func `options that do not fit are named before anything is asked`() async throws {
            try await withScene { scene in
                let good = ["--token-file", "-", "--role", Gateway.role]
                let cases = [
                    ("https://gateway.example.com/path", good, "without a path"),
                    ("http://gateway.example.com", good, "use https"),
                    ("https://gateway.example.com", ["--role", Gateway.role], "--token-file"),
                    ("https://gateway.example.com", good + ["--issuer", "i"], "--issuer goes with --key"),
                    ("https://gateway.example.com", ["--key", "k", "--role", Gateway.role], "--key needs --issuer"),
                    ("https://gateway.example.com", ["--token-file", "-", "--role", "test"], "no role's ARN"),
                    ("https://gateway.example.com", good + ["--forbidden-role", Gateway.role], "another role"),
                    ("https://gateway.example.com", good + ["--timeout", "1d"], "500ms"),
                ]
                for (service, options, words) in cases {
                    let run = try await scene.probe(service, options)
                    #expect(run.status == 64 && run.errors.contains(words), "\(options): \(run.errors)")
                }
            }
        }

        @Test func `a new key is its owner's alone, and no file is overwritten`() async throws {
            try await withScene { scene in
                let made = try await scene.proberKey()
                func mode(_ file: URL) throws -> Int? {
                    try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
                }
                #expect(try mode(made.key) == 0o600 && mode(made.keySet) == 0o644)
                let before = try [made.key, made.keySet].map { try Data(contentsOf: $0) }
                let other = scene.file("other.pem")
                for pair in [(made.key, scene.file("other.json")), (other, made.keySet)] {
                    let again = try await scene.run(
                        Programs.gateway, ["probe", "new-key", "--key", pair.0.path, "--key-set", pair.1.path],
                        name: "new-key")
                    #expect(again.status == 1 && again.errors.contains("is not overwritten"), "\(again.errors)")
                }
                #expect(try [made.key, made.keySet].map { try Data(contentsOf: $0) } == before)
                // A key without its set would be in the way of the next try.
                #expect(!FileManager.default.fileExists(atPath: other.path))
            }
        }
    }
}
