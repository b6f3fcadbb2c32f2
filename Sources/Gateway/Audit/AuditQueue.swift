import Threading

/// The queue of one sink and the thread that empties it. All records that wait are written and flushed at once.
final class AuditQueue: Sendable {
    private let sink: any AuditSink
    private let state = Lock(State())
    private let work = WorkSignal()

    /// The most records that may wait. At 64 requests in flight for each of 16 cores it is never reached while the sink works.
    private static let capacity = 1024

    private struct State {
        var waiting: [AuditTicket] = []
        var writing: [AuditTicket] = []
        var head: AuditHead?
        /// When the last lines became durable.
        var wroteAt: ContinuousClock.Instant?
        var lastFailure: String?
        var isClosed = false
    }

    init(sink: any AuditSink, origin: AuditOrigin) throws(AuditSinkError) {
        self.sink = sink
        let chain = AuditChain(origin: origin, durability: sink.durability)
        guard let thread = PlainThread({ [self] in run(chain) }) else {
            throw AuditSinkError("the system gives no thread for the audit log")
        }
        // Never joined: a hung sink must not hang the exit.
        thread.detach()
    }

    var durability: AuditDurability { sink.durability }

    var isWritable: Bool { state.withLock { $0.lastFailure == nil && !$0.isClosed } }

    /// The sink's name and the last line in it; nil before the first.
    var head: (sink: String, head: AuditHead?) { (sink.name, state.withLock { $0.head }) }

    /// The sink for people who look at it.
    var status: AuditSinkStatus {
        let state = state.withLock { $0 }
        return AuditSinkStatus(
            name: sink.name, durability: sink.durability, head: state.head,
            headAge: state.wroteAt.map { .now - $0 }, waiting: state.waiting.count + state.writing.count,
            failure: state.isClosed ? "it is closed" : state.lastFailure)
    }

    /// How many records wait for the write under way to end.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Returns when the record is durable, or why it is not. Without a record it is the sink that is tried.
    func append(_ record: AuditBody?) async -> AuditReceipt {
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

    private func run(_ chain: AuditChain) {
        var chain = chain
        // Nobody waits for the first batch, which is only the line that opens the log.
        var batch: [AuditTicket]? = []
        while let tickets = batch {
            let receipt = write(tickets.compactMap(\.record), &chain)
            let head = chain.head
            state.withLock { state in
                state.writing = []
                state.head = head
                if case .failed(let cause) = receipt {
                    state.lastFailure = cause
                } else {
                    (state.lastFailure, state.wroteAt) = (nil, .now)
                }
            }
            for ticket in tickets { ticket.resolve(receipt) }
            batch = nextBatch()
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

    /// One write and one flush for all of them.
    private func write(_ records: [AuditBody], _ chain: inout AuditChain) -> AuditReceipt {
        do throws(AuditSinkError) {
            if let tail = try sink.prepare() { chain.open(at: tail) }
        } catch {
            return .failed(error.description)
        }
        let batch = chain.link(records)
        do throws(AuditSinkError) {
            try sink.append(batch.bytes)
            chain.settle(batch, taken: batch.bytes.count, isDurable: true)
            return .accepted
        } catch {
            chain.settle(batch, taken: error.taken, isDurable: false)
            return .failed(error.description)
        }
    }
}
