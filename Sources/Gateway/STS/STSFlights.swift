import ExchangeCore
import Threading

/// Calls of STS that several requests wait for: who asks for the same with the same token while a call is under way joins it.
/// Nothing is kept beyond the call.
final class STSFlights: Sendable {
    private let flights = Lock<[Key: Task<Result<STSOutcome, STSFailure>, Never>]>([:])

    /// What makes two calls the same: the token and all that is asked.
    struct Key: Hashable {
        /// SHA-256 of the verified token.
        let tokenDigest: String
        let call: AssumeRoleCall
        /// Whose token AWS is shown, and what one of the gateway's own says: a reload may change it between two requests.
        let federation: Federation
    }

    /// The outcome of the call under way for `key`, or of `call`, which then is the one.
    func join(
        _ key: Key, _ call: @escaping @Sendable () async -> Result<STSOutcome, STSFailure>
    ) async throws(STSFailure) -> STSOutcome {
        let flight = flights.withLock { flights in
            if let flight = flights[key] { return flight }
            // Free of any structure: the request that began it may be cancelled while others wait. The call has a deadline.
            let flight = Task { [self] in
                let result = await call()
                end(key)
                return result
            }
            flights[key] = flight
            return flight
        }
        return try await flight.value.get()
    }

    private func end(_ key: Key) { flights.withLock { $0[key] = nil } }

    /// How many are under way, for tests.
    var count: Int { flights.withLock { $0.count } }
}
