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

    /// The record of what was counted, and the counts are zero again. Nil when nothing was.
    func drain(at moment: Timestamp) -> AuditBody? {
        let counts = state.withLock { state in
            defer { state.counts = [:] }
            return state.counts
        }
        guard !counts.isEmpty else { return nil }
        var writer = AuditWriter(at: moment)
        writer.member("outcome", "unverified")
        for (code, count) in counts.sorted(by: { $0.key < $1.key }) { writer.member(code, count) }
        return writer.finish()
    }
}
