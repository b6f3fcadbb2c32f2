import ExchangeCore
import Logging
import StrictJSON
import Threading

/// Looks at the public issuer URL, as AWS does, for the keys of the ring: only what was found there signs.
final class PublicationCheck: Sendable {
    private let discovery: Discovery
    private let ring: SigningKeyRing
    private let metrics: GatewayMetrics
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let state = Lock(State())

    private struct State {
        var begunAt: Timestamp?
        var result: Result = .none
    }

    /// What the last look found.
    enum Result: Sendable, Equatable {
        /// None has ended yet.
        case none
        /// All keys are there.
        case complete
        /// Some are not: their ids.
        case missing([String])
        /// The documents could not be had; what was found before still counts, because AWS may well have them.
        case failed(String)
    }

    /// While all is found: often enough to notice a bad upload well within the day that a new key waits.
    static let interval = Duration.seconds(60)
    /// While something is missing: a new gateway, or a new key, is waited for.
    static let impatientInterval = Duration.seconds(5)

    init(
        of issuer: OwnIssuerURL, ring: SigningKeyRing, fetch: @escaping KeyFetch, metrics: GatewayMetrics,
        logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        discovery = Discovery(issuer: issuer.description, allowPlaintext: false, fetch: fetch)
        self.ring = ring
        self.metrics = metrics
        self.logger = logger
        self.now = now
    }

    /// What the last look found.
    var result: Result { state.withLock { $0.result } }

    /// Looks whenever it is time, until `sleep` throws, as it does when its task is cancelled.
    func watch(sleep: (Duration) async throws -> Void) async {
        while true {
            if isDue() { await look() }
            do { try await sleep(.seconds(1)) } catch { return }
        }
    }

    /// Looks now.
    func look() async {
        let moment = now()
        state.withLock { $0.begunAt = moment }
        do throws(KeyFetchFailure) {
            ring.note(try await discovery.keySet())
            let missing = ring.states.filter { !$0.isPublished }.map(\.keyID)
            end(missing.isEmpty ? .complete : .missing(missing))
        } catch {
            end(.failed(error.description))
        }
    }

    /// A clock that was set back must not stop the looks; a key that came since the last one makes them frequent.
    private func isDue() -> Bool {
        let moment = now()
        let isAllPublished = ring.states.allSatisfy(\.isPublished)
        return state.withLock { state in
            guard let begunAt = state.begunAt, moment >= begunAt else { return true }
            let isPatient = isAllPublished && state.result == .complete
            return moment - begunAt >= (isPatient ? Self.interval : Self.impatientInterval)
        }
    }

    private func end(_ result: Result) {
        let isNews = state.withLock { state in
            defer { state.result = result }
            return state.result != result
        }
        metrics.count(.publicationChecks, [("result", result.word)])
        guard isNews else { return }
        switch result {
        case .none: break
        case .complete: logger.notice("all signing keys were found at the issuer's URL")
        case .missing(let keys):
            logger.warning(
                "signing keys were not found at the issuer's URL",
                metadata: ["key_ids": "\(keys.joined(separator: ", "))", "issuer": "\(discovery.issuer)"])
        case .failed(let cause):
            logger.error("the issuer's URL could not be read", metadata: ["cause": "\(cause)"])
        }
    }
}

extension PublicationCheck.Result {
    /// The word of the metric.
    fileprivate var word: String {
        switch self {
        case .none, .complete: "complete"
        case .missing: "missing"
        case .failed: "failed"
        }
    }
}
