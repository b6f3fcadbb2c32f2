import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// No credentials without a record: the gateway as a whole, with sinks that hang and fail.
struct AuditGateTests {
    private static let patient = [(key: "audit_patience", value: "60s")]
    private static let hasty = [(key: "audit_patience", value: "100ms")]

    @Test func `answers only when the record is written`() async throws {
        let sink = FakeSink(isHeld: true)
        try await RunningGateway.run(GatewayPlan(sink: sink, settings: Self.patient)) { gateway in
            let (url, token, released) = (gateway.service.serviceURL, try gateway.token(), FakeSink())
            let answer = Task {
                let answer = try await HTTPProbe.send(ProbeRequest(token: token), to: url)
                return (answer, isEarly: released.lines.isEmpty)
            }
            #expect(try await eventually { sink.entered == 1 })
            // Everything else goes on: the sink's own thread hangs, and no other.
            for _ in 0..<20 {
                #expect(try await gateway.send(ProbeRequest("GET", "/errors/draining")).status == 200)
                #expect(try await gateway.health("/livez").status == 200)
            }
            try released.append(Array("released\n".utf8))
            sink.release()
            let (first, isEarly) = try await answer.value
            #expect(!isEarly && first.status == 200)
            let record = try #require(try sink.records.first)
            #expect(record["request_id"]?.string == first["X-Request-Id"] && record["outcome"] == "allowed")
        }
    }

    @Test func `withholds credentials that could not be audited, and recovers by itself`() async throws {
        let sink = FakeSink(failure: "no space left")
        try await RunningGateway.run(GatewayPlan(sink: sink)) { gateway in
            #expect(try await gateway.metric("vela_gateway_credentials_withheld_total") == "0")
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(answer.status == 503 && answer.code == "audit_unavailable" && answer["Retry-After"] == "5")
            #expect(gateway.sts.requests.count == 1)
            for secret in [GatewayPlan.secretKey, GatewayPlan.sessionToken, "ASIAIOSFODNN7EXAMPLE", "no space left"] {
                #expect(!answer.body.contains(secret) && !answer.head.joined().contains(secret))
            }
            #expect(try await gateway.metric("vela_gateway_credentials_withheld_total") == "1")
            #expect(gateway.log.lines.contains { $0.contains("credentials withheld") && $0.contains("no space left") })
            let unready = try await gateway.health("/readyz")
            #expect(try unready.status == 503 && unready.json["audit"] == "not writable")
            sink.fail(nil)
            #expect(try await eventually { try await gateway.health("/readyz").status == 200 })
            #expect(try sink.openings.map { $0["outcome"] } == ["start", "resumed"])
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token())).status == 200)
            #expect(try await eventually { try sink.records.contains { $0["outcome"] == "withheld" } })
            let withheld = try #require(try sink.records.first { $0["outcome"] == "withheld" })
            #expect(withheld["access_key_id"] == "ASIAIOSFODNN7EXAMPLE" && withheld["rule"] == "deploy")
            #expect(withheld["request_id"]?.string == answer["X-Request-Id"])
        }
    }

    @Test func `gives a hung sink up after its patience, and takes it back`() async throws {
        let sink = FakeSink(isHeld: true)
        try await RunningGateway.run(GatewayPlan(sink: sink, settings: Self.hasty)) { gateway in
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(answer.status == 503 && answer.code == "audit_unavailable" && !answer.body.contains("CANARY"))
            #expect(try await gateway.health("/readyz").status == 503)
            #expect(try await gateway.metric("vela_gateway_credentials_withheld_total") == "1")
            sink.release()
            #expect(try await eventually { try await gateway.health("/readyz").status == 200 })
            #expect(
                try await eventually { try await gateway.send(ProbeRequest(token: try gateway.token())).status == 200 })
            // The hung write went through in the end: its line says allowed, and the one that follows takes it back.
            let id = answer["X-Request-Id"]
            #expect(try await eventually { try sink.records.contains { $0["outcome"] == "withheld" } })
            let outcomes = try sink.records.filter { $0["request_id"]?.string == id }.map { $0["outcome"] }
            #expect(outcomes == ["allowed", "withheld"])
        }
    }

    @Test func `a refusal is answered even when its record is not written`() async throws {
        try await RunningGateway.run(GatewayPlan(sink: FakeSink(failure: "gone"))) { gateway in
            let claims = VelaClaims(at: gateway.clock.now, repo: "octo-org/other")
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token(claims)))
            #expect(answer.status == 403 && answer.code == "policy_denied")
            #expect(gateway.log.lines.contains { $0.contains("the audit record of a refusal could not be written") })
        }
    }

    @Test func `junk is counted and written once, not line by line`() async throws {
        let sink = FakeSink()
        try await RunningGateway.run(GatewayPlan(sink: sink)) { gateway in
            let token = try gateway.token()
            for _ in 0..<30 { #expect(try await gateway.send(ProbeRequest(token: token + "x")).status == 401) }
            #expect(try await gateway.send(ProbeRequest()).status == 401)
            #expect(try await gateway.send(ProbeRequest(token: token, body: "{}")).status == 400)
            #expect(try sink.records.isEmpty)
            let name = #"vela_gateway_exchanges_total{front="credentials",outcome="refused",code="token_missing"}"#
            #expect(try await gateway.metric(name) == "1")
            await gateway.service.stop()
            var record = try #require(try sink.records.first)
            #expect(try sink.records.count == 1)
            for name in ["v", "time", "replica", "sequence", "previous"] {
                #expect(record[name] != nil)
                record[name] = nil
            }
            let signature = record.members.filter {
                $0.name != "outcome" && $0.name != "token_missing" && $0.name != "invalid_request"
            }
            #expect(record["outcome"] == "unverified" && record["token_missing"] == 1 && record["invalid_request"] == 1)
            #expect(signature.count == 1 && signature.first?.value == 30)
        }
    }
}
