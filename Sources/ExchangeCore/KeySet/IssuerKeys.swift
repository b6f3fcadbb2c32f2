import StrictJSON
import Threading

/// The keys of one issuer: looked up without waiting while they are there, fetched by one task at a time when not.
///
/// All state stands behind one lock and changes in single steps; nothing is decided across an `await` but by asking
/// again.
final class IssuerKeys: Sendable {
    let url: String
    let source: KeySource
    private let timing: KeyTiming
    private let fetch: KeyFetch
    private let now: @Sendable () -> Timestamp
    private let state: Lock<KeyState>

    init(
        of issuer: Issuer, timing: KeyTiming, fetch: @escaping KeyFetch, now: @escaping @Sendable () -> Timestamp
    ) {
        url = issuer.url
        source = issuer.keySource
        self.timing = timing
        self.fetch = fetch
        self.now = now
        state = Lock(KeyState(issuer.keySource, timing, at: now()))
    }

    /// The key `keyID`. Waits for a fetch when it is not known and a fetch may begin or is under way.
    func key(_ keyID: String) async throws(KeyAbsence) -> VerificationKey {
        switch look(for: keyID) {
        case .found(let key): return key
        case .absent(let absence): throw absence
        case .wait(let flight, let isOurs):
            await flight.wait()
            guard !Task.isCancelled else { throw .unavailable("cancelled while keys were fetched", timing.coolDown) }
            let moment = now()
            return try state.withLock { $0.outcome(for: keyID, isOurs: isOurs, at: moment) }.get()
        }
    }

    /// Begins a fetch when one is due. Returns at once.
    func refreshIfDue() {
        let moment = now()
        if let flight = state.withLock({ $0.beginRefreshIfDue(at: moment) }) { start(flight) }
    }

    /// How things are, under the name that the policy now has for this issuer.
    func snapshot(named name: String) -> KeySetState {
        let moment = now()
        return state.withLock { $0.snapshot(named: name, url: url, at: moment) }
    }

    private func look(for keyID: String) -> KeyState.Look {
        let moment = now()
        let look = state.withLock { $0.look(for: keyID, at: moment) }
        if case .wait(let flight, isOurs: true) = look { start(flight) }
        return look
    }

    /// Runs the fetch in a task of its own, because it serves everybody who waits, not the request that was first.
    private func start(_ flight: Flight) {
        guard case .discovery(let allowPlaintext) = source else { return }
        let discovery = Discovery(issuer: url, allowPlaintext: allowPlaintext, fetch: fetch)
        Task {
            let result: Result<KeySet, KeyFetchFailure>
            do throws(KeyFetchFailure) {
                result = .success(try await discovery.keySet())
            } catch {
                result = .failure(error)
            }
            let moment = now()
            state.withLock { $0.end(with: result, at: moment) }
            flight.end()
        }
    }
}
