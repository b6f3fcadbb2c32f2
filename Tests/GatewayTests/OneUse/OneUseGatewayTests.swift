import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// One use of a token, seen by callers. The store is memory, or a server that is not there.
struct OneUseGatewayTests {
    private static let once = "    one_use: {fronts: [credentials, container]}"
    private static let memory: [(key: String, value: String)] = [(key: "one_use_store", value: "memory")]
    /// A port that nobody listens on: 1 is tcpmux.
    private static let unreachable: [(key: String, value: String)] = [
        (key: "one_use_store", value: "redis://127.0.0.1:1")
    ]

    @Test func `the second use of a token gives nothing and does not reach STS`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: Self.memory, rule: Self.once)) { gateway in
            let token = try gateway.token()
            #expect(try await gateway.send(ProbeRequest(token: token)).status == 200)
            for _ in 0..<3 {
                let replay = try await gateway.send(ProbeRequest(token: token))
                #expect(replay.status == 401 && replay.code == "token_replayed" && !replay.body.contains("ASIA"))
            }
            #expect(gateway.sts.requests.count == 1)
            let audit = try gateway.audit
            #expect(audit.first?["one_use"]?.string == "first")
            #expect(
                audit.dropFirst().allSatisfy {
                    $0["code"]?.string == "token_replayed" && $0["rule"]?.string == "deploy"
                })
            #expect(try await gateway.metric(#"vela_gateway_one_use_tokens_total{result="replayed"}"#) == "3")
        }
    }

    @Test func `of many requests at once with one token, by two fronts, one is served`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: Self.memory, rule: Self.once)) { gateway in
            let token = try gateway.token()
            var container = ProbeRequest("GET", "/v1/container-credentials?role=\(GatewayPlan.role)")
            container.authorization = Array(token.utf8)
            let requests = (0..<40).map { $0 % 2 == 0 ? ProbeRequest(token: token) : container }
            let statuses = try await withThrowingTaskGroup { group in
                for request in requests { group.addTask { try await gateway.send(request).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 401 } == 39, "\(statuses)")
            #expect(gateway.sts.requests.count == 1)
        }
    }

    @Test func `a token with a rewritten signature is a replay`() async throws {
        let key = TestKey.p256()
        let issuer = try TestIssuer(keys: [key])
        let plan = GatewayPlan(
            settings: Self.memory, rule: Self.once,
            issuers: GatewayPlan.velaIssuer.replacing("vela.json", with: "ec.json")
                .replacing("claims: vela", with: "claims: vela\n    algorithms: [ES256]"),
            keySets: ["ec.json": issuer.keySet])
        try await RunningGateway.run(plan) { gateway in
            let claims = VelaClaims(at: gateway.clock.now).with("jti", nil)
            let token = try issuer.token(claims.members, key: key)
            let rewritten = try token.withRewrittenSignature()
            #expect(try await gateway.send(ProbeRequest(token: STSSamples.text(of: token))).status == 200)
            #expect(
                try await gateway.send(ProbeRequest(token: STSSamples.text(of: rewritten))).code == "token_replayed")
            #expect(Set(try gateway.audit.compactMap { $0["token_sha256"]?.string }).count == 2)
        }
    }

    @Test func `two tokens of one jti are one`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: Self.memory, rule: Self.once)) { gateway in
            let claims = VelaClaims(at: gateway.clock.now)
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token(claims))).status == 200)
            let other = try gateway.token(claims.with("build_number", 99))
            #expect(try await gateway.send(ProbeRequest(token: other)).code == "token_replayed")
        }
    }

    @Test func `a front that the rule does not name is told which one to use`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: Self.memory, rule: "    one_use: {fronts: [credentials]}")) {
            gateway in
            let token = try gateway.token()
            var request = ProbeRequest("GET", "/v1/container-credentials?role=\(GatewayPlan.role)")
            request.authorization = Array(token.utf8)
            let answer = try await gateway.send(request)
            #expect(answer.status == 403 && answer.code == "front_not_allowed", "\(answer.body)")
            #expect(try answer.json["message"]?.string?.contains("vela-aws-credentials") == true)
            #expect(gateway.sts.requests.isEmpty)
            // The refused request did not use the token up.
            #expect(try await gateway.send(ProbeRequest(token: token)).status == 200)
        }
    }

    @Test func `a token that STS saw stays used, whatever STS said`() async throws {
        let plan = GatewayPlan(
            sts: [.cut, .cut, .cut, .http(200, GatewayPlan.assumed())], settings: Self.memory, rule: Self.once)
        try await RunningGateway.run(plan) { gateway in
            let token = try gateway.token()
            #expect(try await gateway.send(ProbeRequest(token: token)).code == "sts_timeout")
            #expect(try await gateway.send(ProbeRequest(token: token)).code == "token_replayed")
        }
    }

    @Test func `a token that STS surely never saw may be used again`() async throws {
        let settings = Self.memory + [(key: "sts_endpoint", value: "http://127.0.0.1:1")]
        try await RunningGateway.run(GatewayPlan(settings: settings, rule: Self.once)) { gateway in
            let token = try gateway.token()
            for _ in 0..<2 { #expect(try await gateway.send(ProbeRequest(token: token)).code == "sts_timeout") }
            #expect(try await gateway.metric(#"vela_gateway_one_use_tokens_total{result="released"}"#) == "2")
        }
    }

    @Test func `without a store that answers nothing is given, and the token is not used up`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: Self.unreachable, rule: Self.once)) { gateway in
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(answer.status == 503 && answer.code == "one_use_unavailable" && answer["Retry-After"] == "2")
            #expect(gateway.sts.requests.isEmpty)
            #expect(try gateway.audit.last?["code"]?.string == "one_use_unavailable")
            #expect(try await gateway.health("/readyz").json["one_use_store"]?.string == "not usable")
            #expect(try await gateway.metric("vela_gateway_one_use_store_usable") == "0")
            #expect(gateway.log.lines.count { $0.contains("used tokens cannot be noted") } == 1)
        }
    }

    @Test func `where the settings say so it is given all the same, loudly`() async throws {
        let settings = Self.unreachable + [(key: "one_use_on_store_failure", value: "allow")]
        try await RunningGateway.run(GatewayPlan(settings: settings, rule: Self.once)) { gateway in
            let token = try gateway.token()
            for _ in 0..<2 { #expect(try await gateway.send(ProbeRequest(token: token)).status == 200) }
            #expect(try gateway.audit.allSatisfy { $0["one_use"]?.string == "unchecked" })
            #expect(try await gateway.metric(#"vela_gateway_one_use_tokens_total{result="unchecked"}"#) == "2")
        }
    }

    @Test(arguments: ["one_use_store_password_file", "one_use_store_ca_file"])
    func `a file that the store needs and is not there is a fault of the start`(setting: String) async throws {
        let settings = [(key: "one_use_store", value: "rediss://127.0.0.1:1"), (key: setting, value: "/nonexistent")]
        let failure = await #expect(throws: StartFailure.self) {
            try await RunningGateway.run(GatewayPlan(settings: settings, rule: Self.once)) { _ in }
        }
        #expect(failure?.description.hasPrefix("one_use_store: ") == true)
        #expect(failure?.description.contains("/nonexistent") == true, "\(String(describing: failure))")
    }

    @Test func `a policy that counts uses does not load where nobody notes them`() async throws {
        let failure = await #expect(throws: StartFailure.self) {
            try await RunningGateway.run(GatewayPlan(rule: Self.once)) { _ in }
        }
        #expect(failure?.description.contains("policy.yaml") == true)
        #expect(failure?.description.contains("rule deploy: it takes each token once") == true)
        #expect(failure?.description.contains("set one_use_store") == true)
        try await RunningGateway.run { gateway in
            try gateway.folder.write(GatewayPlan(rule: Self.once).policy(), to: "policy.yaml")
            gateway.service.reload()
            #expect(gateway.log.lines.contains { $0.contains("the policy is faulty") && $0.contains("one_use_store") })
            let token = try gateway.token()
            for _ in 0..<2 { #expect(try await gateway.send(ProbeRequest(token: token)).status == 200) }
        }
    }
}
