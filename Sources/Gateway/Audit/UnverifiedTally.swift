import StrictJSON
import Threading

/// Counts the refusals that anybody can cause, for one audit record a minute, and bounds how many of them are logged.
final class UnverifiedTally: Sendable {
    private struct State {
        var counts: [String: Int] = [:]
        var logged = 0
        var second = ContinuousClock.now
    }

    private let state = Lock(State())

    /// Enough to see what happens, too few to fill a disk: 10 lines of 300 bytes a second are 260 MB a day.
    private static let linesPerSecond = 10

    func add(_ code: String) {
        state.withLock { $0.counts[code, default: 0] += 1 }
    }

    /// Takes back what was drained and could not be written.
    func add(_ counts: UnverifiedCounts) {
        state.withLock { $0.counts.merge(counts.byCode, uniquingKeysWith: +) }
    }

    /// Whether another line may be logged in this second.
    func mayLog() -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            if now - state.second >= .seconds(1) {
                state.second = now
                state.logged = 0
            }
            state.logged += 1
            return state.logged <= Self.linesPerSecond
        }
    }

    /// What was counted, and the counts are zero again. Nil when nothing was.
    func drain() -> UnverifiedCounts? {
        let counts = state.withLock { state in
            defer { state.counts = [:] }
            return state.counts
        }
        return counts.isEmpty ? nil : UnverifiedCounts(byCode: counts)
    }
}

/// Refusals before verification since the last record of them, by code.
struct UnverifiedCounts: Sendable, Equatable {
    let byCode: [String: Int]

    /// The record of the counts.
    func encoded(at moment: Timestamp) -> AuditBody {
        var writer = AuditWriter(at: moment)
        writer.member("outcome", "unverified")
        for (code, count) in byCode.sorted(by: { $0.key < $1.key }) { writer.member(code, count) }
        return writer.finish()
    }
}
