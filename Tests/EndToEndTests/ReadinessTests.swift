import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// When the gateway says that it is ready.
    @Suite struct `readiness` {
        @Test func `an issuer that is down at the start is named, and then found`() async throws {
            try await withScene { scene in
                let down = try await scene.stack()
                let port = try #require(URL(string: down.vela)?.port)
                down.child.send(signal: SIGTERM)
                #expect(try await down.child.finish() == 0)
                let gateway = try await scene.gateway(down, untilReady: false)
                let answer = try await gateway.readyz()
                #expect(answer.status == 503)
                #expect(try answer.object["ready"]?.bool == false)
                #expect(try answer.object["issuers"]?.object?["vela"]?.string == "no usable keys")
                #expect(try await http(gateway.health + "/livez").status == 200)

                let up = try await scene.stack(issuerPort: port)
                try await gateway.awaitReady()
                // The second stack has an STS of its own; the token alone shows that the keys are there.
                let exchanged = try await gateway.exchange(try await up.token())
                #expect(exchanged.code == "sts_timeout", "\(exchanged.text)")
            }
        }
    }
}
