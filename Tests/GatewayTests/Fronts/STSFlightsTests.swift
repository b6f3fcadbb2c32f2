import ExchangeCore
import Testing
import Threading

@testable import Gateway

/// Requests that ask for the same at the same time.
struct STSFlightsTests {
    private static let failure = STSFailure(refusal: .stsTimeout(cause: "x"), reachedSTS: true, attempts: 1)

    @Test func `the same joins, another does not, and nothing is kept`() async throws {
        let flights = STSFlights()
        let calls = Lock(0)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let key = STSFlights.Key(tokenDigest: "a", call: try STSSamples.call(), federation: .forward)
        let first = Task {
            await outcome(flights, key) {
                for await _ in gate {}; calls.withLock { $0 += 1 }
            }
        }
        while flights.count == 0 { await Task.yield() }
        let second = Task { await outcome(flights, key) { Issue.record("a second call") } }
        let others = [
            STSFlights.Key(tokenDigest: "b", call: try STSSamples.call(), federation: .forward),
            STSFlights.Key(tokenDigest: "a", call: try STSSamples.call(session: "another"), federation: .forward),
            STSFlights.Key(tokenDigest: "a", call: try STSSamples.call(policy: "{}"), federation: .forward),
            STSFlights.Key(
                tokenDigest: "a", call: try STSSamples.call(),
                federation: .issuer(FederationClaims(subject: "repo:a/b", audience: "sts.amazonaws.com"))),
        ]
        for other in others {
            #expect(await outcome(flights, other) { calls.withLock { $0 += 1 } } == Self.failure)
            #expect(flights.count == 1)
        }
        // Not before the second had every chance to join.
        for _ in 0..<100 { await Task.yield() }
        opener.finish()
        #expect(await first.value == Self.failure)
        #expect(await second.value == Self.failure)
        #expect(calls.withLock { $0 } == 5 && flights.count == 0)
    }

    private func outcome(
        _ flights: STSFlights, _ key: STSFlights.Key, _ call: @escaping @Sendable () async -> Void
    ) async -> STSFailure? {
        do throws(STSFailure) {
            _ = try await flights.join(key) {
                await call()
                return .failure(Self.failure)
            }
            return nil
        } catch { return error }
    }
}
