import Glibc
import StrictJSON
import Threading

/// The queue of one sink and the thread that empties it. All records that wait are written and flushed at once.
final class AuditQueue: Sendable {
    private let sink: any AuditSink
    private let replica: String
    private let state = Lock(State())
    private let work = WorkSignal()

    /// The most records that may wait. At 64 requests in flight for each of 16 cores it is never reached while the sink works.
    private static let capacity = 1024

    private struct State {
        var waiting: [AuditTicket] = []
        var writing: [AuditTicket] = []
        var sequence = 0
        var lastFailure: String?
        var isClosed = false
    }

    init(sink: any AuditSink, replica: String) throws(AuditSinkError) {
        self.sink = sink
        self.replica = replica
        guard let thread = PlainThread({ [self] in run() }) else {
            throw AuditSinkError(description: "the system gives no thread for the audit log")
        }
        // Never joined: a hung sink must not hang the exit.
        thread.detach()
    }

    var durability: AuditDurability { sink.durability }

    var isWritable: Bool { state.withLock { $0.lastFailure == nil && !$0.isClosed } }

    func append(_ record: AuditBody) async -> AuditReceipt {
        await withCheckedContinuation { continuation in
            let ticket = AuditTicket(record, continuation)
            let refusal: String? = state.withLock { state in
                if state.isClosed { return "the audit log is closed" }
                if state.waiting.count >= Self.capacity { return "the audit queue is full" }
                state.waiting.append(ticket)
                return nil
            }
            if let refusal { ticket.resolve(.failed(refusal)) } else { work.signal() }
        }
    }

    /// Fails the records older than `patience` and remembers that the sink hangs.
    func giveUp(olderThan patience: Duration) {
        let limit = ContinuousClock.now - patience
        let overdue: [AuditTicket] = state.withLock { state in
            let overdue = (state.waiting + state.writing).filter { $0.madeAt < limit }
            state.waiting.removeAll { $0.madeAt < limit }
            if !overdue.isEmpty { state.lastFailure = "the audit sink hangs" }
            return overdue
        }
        for ticket in overdue { ticket.resolve(.failed("the audit sink took longer than \(patience)")) }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        work.signal()
    }

    // MARK: On the sink's own thread

    private func run() {
        while let batch = nextBatch() {
            let receipt = write(batch)
            state.withLock { state in
                state.writing = []
                if case .failed(let cause) = receipt { state.lastFailure = cause } else { state.lastFailure = nil }
            }
            for ticket in batch { ticket.resolve(receipt) }
        }
    }

    /// Waits for records. Nil when the log is closed and all is written.
    private func nextBatch() -> [AuditTicket]? {
        while true {
            let (batch, isClosed) = state.withLock { state in
                state.writing = state.waiting
                state.waiting = []
                return (state.writing, state.isClosed)
            }
            if !batch.isEmpty { return batch }
            if isClosed { return nil }
            work.wait()
        }
    }

    private func write(_ batch: [AuditTicket]) -> AuditReceipt {
        var lines: [UInt8] = []
        for ticket in batch { append(ticket.record, to: &lines) }
        do throws(AuditSinkError) {
            try sink.append(lines)
            return .accepted
        } catch {
            return .failed(error.description)
        }
    }

    private func append(_ record: AuditBody, to lines: inout [UInt8]) {
        let sequence = state.withLock { state in
            state.sequence += 1
            return state.sequence
        }
        lines += record.openObject
        lines.append(utf8: ",\"replica\":")
        lines += JSONValue.string(replica).bytes
        lines.append(utf8: ",\"sequence\":\(sequence)}\n")
    }
}
