import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// The end of the gateway.
    @Suite struct `drain` {
        @Test func `for drain_delay it is not ready and still serves, then it ends with status 0`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack, settings: ["GATEWAY_DRAIN_DELAY": "4s"])
                let token = try await stack.token()
                #expect(try await gateway.exchange(token).headers["connection"]?.lowercased() != "close")
                gateway.child.send(signal: SIGTERM)
                try await poll("not being ready") { try await gateway.readyz().status == 503 ? true : nil }
                #expect(try await gateway.readyz().object["draining"]?.bool == true)
                let late = try await gateway.exchange(token)
                #expect(late.status == 200, "\(late.text)")
                #expect(late.headers["connection"]?.lowercased() == "close")
                #expect(try await gateway.child.finish() == 0)
                #expect(try gateway.allowedKeys().count == 2)
            }
        }

        @Test func `a request in flight is finished`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(stack)
                try await stack.fail(#"[{"delay_ms":2000}]"#)
                let token = try await stack.token()
                async let answer = gateway.exchange(token)
                try await poll("the call to STS") { try await stack.calls() == 1 ? true : nil }
                gateway.child.send(signal: SIGTERM)
                #expect(try await answer.status == 200)
                #expect(try await gateway.child.finish() == 0)
            }
        }

        @Test func `a second SIGTERM cuts the drain, and in half an hour of delay nothing else would`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let gateway = try await scene.gateway(
                    stack, settings: ["GATEWAY_DRAIN_DELAY": "30m", "GATEWAY_DRAIN_GRACE": "30m"])
                gateway.child.send(signal: SIGTERM)
                try await poll("not being ready") { try await gateway.readyz().status == 503 ? true : nil }
                gateway.child.send(signal: SIGTERM)
                #expect(try await gateway.child.finish() == 0)
            }
        }
    }
}
