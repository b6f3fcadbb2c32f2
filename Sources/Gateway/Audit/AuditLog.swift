import ExchangeCore
import Threading

/// The audit log: takes records from any task, and returns when every sink has them.
///
/// Each sink has a thread of its own, because a sink may block for ever and the task pool must not. A record that no sink
/// took within `patience` is given up: the caller refuses, and whatever the hung thread still writes stands in the log as
/// an exchange that nobody got.
package final class AuditLog: Sendable {
    private let queues: [AuditQueue]
    private let patience: Duration

    /// Starts a thread for each sink.
    init(sinks: [any AuditSink], origin: AuditOrigin, patience: Duration) throws(AuditSinkError) {
        var queues: [AuditQueue] = []
        for sink in sinks { queues.append(try AuditQueue(sink: sink, origin: origin)) }
        self.queues = queues
        self.patience = patience
    }

    /// The weakest promise among the sinks.
    var durability: AuditDurability {
        queues.allSatisfy { $0.durability == .flushed } ? .flushed : .written
    }

    /// Whether the last thing each sink did succeeded, and nothing waits longer than it may.
    var isWritable: Bool { queues.allSatisfy(\.isWritable) }

    /// The last line in each sink.
    var heads: [(sink: String, head: AuditHead?)] { queues.map(\.head) }

    /// How each sink is.
    var sinks: [AuditSinkStatus] { queues.map(\.status) }

    /// Returns when the record is durable in every sink. Without a record the sinks are tried: one that failed writes that it
    /// goes on.
    func append(_ record: AuditBody?) async throws(Refusal) {
        for queue in queues {
            if case .failed(let cause) = await queue.append(record) { throw .auditUnavailable(cause: cause) }
        }
    }

    /// Gives up records that have waited for longer than `patience`. Runs until it is cancelled; the log has no other clock,
    /// so that a record costs no timer.
    func watch(sleep: @Sendable (Duration) async throws -> Void) async {
        let pause = min(patience / 4, .milliseconds(250))
        while !Task.isCancelled {
            do { try await sleep(pause) } catch { return }
            for queue in queues { queue.giveUp(olderThan: patience) }
        }
    }

    /// Ends the threads after what is queued; a hung one is left behind.
    func close() {
        for queue in queues { queue.close() }
    }
}

/// What became of a record in one sink.
enum AuditReceipt: Sendable {
    case accepted
    case failed(String)
}
