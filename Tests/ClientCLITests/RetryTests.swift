import ClientHTTP
import ExchangeAPI
import Foundation
import Secrets
import Testing

@testable import ClientCLI

/// When another attempt is made.
@Suite struct RetryTests {
    @Test func `repeats what is retryable with a new token, after the time asked`() throws {
        let server = Fixture.server { earlier in
            earlier < 2
                ? Fixture.problem(503, "keys_unavailable", "Wait.", retryable: true, headers: "Retry-After: 7\r\n")
                : Fixture.credentials()
        }
        let fixture = Fixture(server)
        #expect(fixture.run() == 0, "\(fixture.errors)")
        #expect(
            server.requests(to: "/v1/credentials").map { $0.header("Authorization") } == [
                "Bearer id.token.0", "Bearer id.token.1", "Bearer id.token.2",
            ])
        #expect(fixture.pauses.count == 2)
        #expect(fixture.pauses.allSatisfy { $0 >= .seconds(7) && $0 <= .seconds(9) })
    }

    @Test func `gives up after three attempts`() {
        let server = Fixture.server { _ in Fixture.problem(503, "overloaded", "Busy.", retryable: true) }
        let fixture = Fixture(server)
        #expect(fixture.run() == 1)
        #expect(server.requests(to: "/v1/credentials").count == 3)
        #expect(fixture.errors.contains("error: the gateway refused (503 overloaded): Busy."))
    }

    @Test func `does not wait past the deadline`() {
        let server = Fixture.server { _ in
            Fixture.problem(429, "rate_limited", "Slow down.", retryable: true, headers: "Retry-After: 3600\r\n")
        }
        let fixture = Fixture(server)
        #expect(fixture.run() == 1)
        #expect(fixture.pauses.isEmpty)
        #expect(fixture.errors.contains("raise the parameter timeout"))
    }

    @Test func `keeps the token when the gateway was not reached`() {
        let server = Fixture.server()
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_GATEWAY_URL"] = "http://127.0.0.1:\(StandIn.unusedPort())"
        #expect(fixture.run() == 1)
        #expect(server.requests.count == 1)
        #expect(fixture.pauses.count == 2)
        #expect(fixture.errors.contains("Connection refused") && fixture.errors.contains("Check gateway_url"))
    }

    @Test func `takes a new token when the answer was lost`() {
        let server = Fixture.server { $0 == 0 ? "" : Fixture.credentials() }
        let fixture = Fixture(server)
        #expect(fixture.run() == 0, "\(fixture.errors)")
        #expect(
            server.requests(to: "/v1/credentials").map { $0.header("Authorization") } == [
                "Bearer id.token.0", "Bearer id.token.1",
            ])
        #expect(fixture.errors.contains("warn: attempt 1 of 3 failed, trying again: the gateway at \(server.url)"))
    }

    @Test func `waits as long as Vela asks`() {
        let server = StandIn { _, _ in StandIn.answer(503, #"{"error":"busy"}"#, headers: "Retry-After: 5\r\n") }
        let fixture = Fixture(server)
        #expect(fixture.run() == 1)
        #expect(fixture.pauses.count == 2)
        #expect(fixture.pauses[0] >= .seconds(5) && fixture.pauses[0] <= .seconds(6))
        #expect(fixture.pauses[1] >= .seconds(5) && fixture.pauses[1] <= .seconds(7))
    }

    @Test(arguments: [(Int64(10), 3), (31, 3), (300, 1)])
    func `does not keep a token that grows old`(life: Int64, tokens: Int) throws {
        let server = StandIn { _, _ in Fixture.tokenAnswer(life: life) }
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_GATEWAY_URL"] = "http://127.0.0.1:\(StandIn.unusedPort())"
        // Longer than half of the second that a token of 31 s is fresh.
        if life == 31 { fixture.whilePausing = { usleep(1_100_000) } }
        #expect(fixture.run() == 1)
        #expect(server.requests.count == tokens)
    }

    @Test func `gives up a try that hangs for another, with a new token at the gateway`() throws {
        let server = StandIn { request, earlier in
            let isFirst = earlier == 0
            if request.line.contains("/id_token") { return isFirst ? StandIn.hold : Fixture.tokenAnswer(earlier) }
            return isFirst ? StandIn.hold : Fixture.credentials()
        }
        let fixture = Fixture(server)
        var reader = OptionsReader(
            Settings(flags: [:], environment: fixture.environment), environment: fixture.environment)
        let read = reader.options()
        let options = try #require(read)
        let log = reader.log()
        let http = ClientHTTP(trust: Trust(), userAgent: "test/1")
        let attempts = Attempts(log: log, pause: fixture.environment.pause, patience: .milliseconds(500))
        let exchange = Exchange(
            tokens: IDTokenSource(options.servers.vela, audience: "a", http: http, attempts: attempts),
            gateway: GatewayCall(options.servers, http: http), attempts: attempts)
        let answer = try exchange.credentials(for: options.role.request, until: .after(.seconds(60)))
        #expect(answer.role == Fixture.role)
        #expect(server.requests(to: "/api").count >= 3)
        let tokens = server.requests(to: "/v1/credentials").compactMap { $0.header("Authorization") }
        #expect(tokens.count >= 2 && Set(tokens).count == tokens.count)
        #expect(fixture.errors.contains("time ran out while waiting for the answer"))
    }
}
