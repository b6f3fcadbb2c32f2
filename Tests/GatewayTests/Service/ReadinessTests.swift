import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `/readyz`, and the way down.
struct ReadinessTests {
    @Test func `names every part`() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.health("/readyz")
            #expect(answer.status == 200 && answer["Cache-Control"] == "no-store")
            #expect(
                try answer.json == [
                    "ready": true, "policy_rules": 1, "issuers": ["vela": "usable"], "audit": "writable",
                    "audit_durability": "flushed", "draining": false,
                ])
        }
    }

    @Test func `one issuer with keys is enough, none is not`() async throws {
        let dead =
            #"  - { name: dead, url: "http://127.0.0.1:1", audiences: [a], claims: generic, allow_plaintext: true }"#
            + "\n"
        try await RunningGateway.run(GatewayPlan(issuers: GatewayPlan.velaIssuer + dead)) { gateway in
            let answer = try await gateway.health("/readyz")
            #expect(answer.status == 200)
            #expect(try answer.json["issuers"] == ["vela": "usable", "dead": "no usable keys"])
            #expect(try await gateway.metric(#"vela_gateway_issuer_usable{issuer="dead"}"#) == "0")
        }
        let issuers =
            #"  - { name: vela, url: "http://127.0.0.1:1", audiences: [a], claims: vela, allow_plaintext: true }"#
            + "\n"
        try await RunningGateway.run(GatewayPlan(issuers: issuers)) { gateway in
            let answer = try await gateway.health("/readyz")
            #expect(answer.status == 503)
            #expect(try answer.json["ready"] == false && answer.json["issuers"] == ["vela": "no usable keys"])
            let claims = VelaClaims(issuer: "http://127.0.0.1:1", at: gateway.clock.now)
            let refused = try await gateway.send(ProbeRequest(token: try gateway.token(claims)))
            #expect(refused.code == "keys_unavailable" && refused["Retry-After"] != nil)
        }
    }

    @Test func `a drain shows, and finishes what is in flight`() async throws {
        let sink = FakeSink(isHeld: true)
        let settings = [(key: "audit_patience", value: "60s"), (key: "drain_grace", value: "60s")]
        try await RunningGateway.run(GatewayPlan(sink: sink, settings: settings)) { gateway in
            let (service, url, token) = (gateway.service, gateway.service.serviceURL, try gateway.token())
            let inFlight = Task { try await HTTPProbe.send(ProbeRequest(token: token), to: url) }
            #expect(try await eventually { sink.entered == 1 })
            let drain = Task { await service.drain() }
            #expect(try await eventually { try await gateway.health("/readyz").status == 503 })
            #expect(try await gateway.health("/readyz").json["draining"] == true)
            #expect(try await gateway.health("/livez").status == 200)
            sink.release()
            #expect(try await inFlight.value.status == 200)
            await drain.value
            #expect(try sink.records.count == 1)
        }
    }
}
