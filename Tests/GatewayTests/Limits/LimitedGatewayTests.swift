import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The limits, seen by callers.
struct LimitedGatewayTests {
    @Test func `an address that asks too often is told to wait, before its token is looked at`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: [(key: "requests_per_address", value: "1")])) { gateway in
            let token = try gateway.token()
            var answers: [ProbeAnswer] = []
            for _ in 0..<20 { answers.append(try await gateway.send(ProbeRequest(token: token))) }
            let limited = answers.filter { $0.status == 429 }
            #expect(limited.count >= 10 && answers.count { $0.status == 200 } >= 2)
            #expect(limited.allSatisfy { $0.code == "rate_limited" && $0["Retry-After"] == "1" })
            #expect(try gateway.audit.count == answers.count { $0.status == 200 })
        }
    }

    @Test func `a trusted proxy's word counts in audit, and nobody else's`() async throws {
        for (trusted, source) in [("127.0.0.0/8", "198.51.100.9"), ("10.0.0.0/8", "127.0.0.1")] {
            let plan = GatewayPlan(settings: [(key: "trusted_proxies", value: trusted)])
            try await RunningGateway.run(plan) { gateway in
                var request = ProbeRequest(token: try gateway.token())
                request.headers.append((name: "X-Forwarded-For", value: "203.0.113.1"))
                request.headers.append((name: "X-Forwarded-For", value: "198.51.100.9"))
                #expect(try await gateway.send(request).status == 200)
                #expect(try gateway.audit.first?["source_address"]?.string == source)
            }
        }
    }

    /// Three tries of each request, and more requests than the circuit takes: STS is spared from the tenth failure on.
    @Test func `an outage of STS is not multiplied`() async throws {
        try await RunningGateway.run(GatewayPlan(sts: [.http(503, "down")])) { gateway in
            for _ in 0..<30 {
                let answer = try await gateway.send(ProbeRequest(token: try gateway.token(), body: body(1)))
                #expect(answer.status == 504 && answer.code == "sts_timeout")
            }
            // Ten until it opens, and at most one trial for each second that this took.
            #expect((10...15).contains(gateway.sts.requests.count), "\(gateway.sts.requests.count) calls")
            #expect(try await gateway.metric("vela_gateway_sts_circuits_open") == "1")
            #expect(try gateway.audit.contains { $0["cause"]?.string?.contains("left alone for a moment") == true })
        }
    }

    private func body(_ number: Int) -> String { #"{"role":"\#(GatewayPlan.role)"}"# }
}
