import Threading

/// Stops asking an endpoint of STS that does not work, and finds out by single calls when it does again.
///
/// Each endpoint has a circuit of its own. It opens after `threshold` failures in a row, for a second at first and twice as long
/// after each trial that fails.
final class CircuitBreaker: Sendable {
    private let circuits = Lock<[String: Circuit]>([:])

    /// Endpoints that fail at a time. A request names a region, and a rule without `regions` takes any well-formed one.
    private static let capacity = 1024

    /// What a call came to, as far as the endpoint's health goes.
    enum Outcome: Sendable {
        /// An answer, whatever it said.
        case answered
        /// None, or a server's error.
        case failed
        /// Nobody waited for it.
        case unknown
    }

    /// Whether `endpoint` may be asked at `now`. Who may must tell the outcome by `note`.
    func mayCall(_ endpoint: String, at now: ContinuousClock.Instant = .now) -> Bool {
        circuits.withLock { $0[endpoint]?.mayCall(at: now) ?? true }
    }

    func note(
        _ outcome: Outcome, of endpoint: String, at now: ContinuousClock.Instant = .now,
        random: @autoclosure () -> Double = .random(in: 0.5...1)
    ) {
        circuits.withLock { circuits in
            switch outcome {
            case .answered: circuits[endpoint] = nil
            case .unknown: circuits[endpoint]?.abandonTrial(at: now)
            case .failed:
                guard circuits[endpoint] != nil || circuits.count < Self.capacity else { return }
                circuits[endpoint, default: Circuit()].fail(at: now, random: random())
            }
        }
    }

    /// The endpoints that are not asked now.
    var open: [String] { circuits.withLock { $0.filter { $0.value.isOpen }.keys.sorted() } }
}

/// The state of one endpoint that has failed.
private struct Circuit: Sendable {
    static let threshold = 10
    private static let longestPause = 30.0

    private var failures = 0
    private var pause = 0.5
    private var opensAgainAt: ContinuousClock.Instant?
    private var isOnTrial = false

    var isOpen: Bool { opensAgainAt != nil }

    mutating func mayCall(at now: ContinuousClock.Instant) -> Bool {
        guard let opensAgainAt else { return true }
        guard now >= opensAgainAt, !isOnTrial else { return false }
        isOnTrial = true
        return true
    }

    mutating func fail(at now: ContinuousClock.Instant, random: Double) {
        failures += 1
        // Calls that were under way when it opened say nothing new.
        guard failures >= Self.threshold, opensAgainAt == nil || isOnTrial else { return }
        pause = min(pause * 2, Self.longestPause)
        opensAgainAt = now + .seconds(pause) * random
        isOnTrial = false
    }

    mutating func abandonTrial(at now: ContinuousClock.Instant) {
        guard isOnTrial else { return }
        isOnTrial = false
        opensAgainAt = now
    }
}
