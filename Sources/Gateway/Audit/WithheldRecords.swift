import ExchangeCore
import StrictJSON
import Threading

/// Records of credentials that AWS made and nobody got, because their own record was not durable in time. They are kept until
/// the sinks are back: an auditor must find each session that AWS shows.
final class WithheldRecords: Sendable {
    private struct State {
        var records: [AuditBody] = []
        var unnamed = 0
    }

    private let state = Lock(State())

    /// Some 6 MB of lines. More are only counted; the log has named each.
    private static let capacity = 4096

    func add(_ record: AuditBody) {
        state.withLock { state in
            if state.records.count < Self.capacity { state.records.append(record) } else { state.unnamed += 1 }
        }
    }

    var isEmpty: Bool { state.withLock { $0.records.isEmpty && $0.unnamed == 0 } }

    /// Hands each record to `write`, oldest first, and forgets what it took. One task at a time.
    func drain(at moment: Timestamp, _ write: (AuditBody) async throws(Refusal) -> Void) async throws(Refusal) {
        while let record = state.withLock({ $0.records.first }) {
            try await write(record)
            state.withLock { _ = $0.records.removeFirst() }
        }
        let unnamed = state.withLock { $0.unnamed }
        guard unnamed > 0 else { return }
        var writer = AuditWriter(at: moment)
        writer.member("outcome", "withheld")
        writer.member("unnamed", unnamed)
        try await write(writer.finish())
        state.withLock { $0.unnamed -= unnamed }
    }
}
