import Threading

/// A record in a queue, and the task that waits for it. It is resolved once: by the sink's thread or by the one that gives up.
final class AuditTicket: Sendable {
    /// Nil asks only whether the sink works.
    let record: AuditBody?
    let madeAt = ContinuousClock.now
    private let waiter: Lock<CheckedContinuation<AuditReceipt, Never>?>

    init(_ record: AuditBody?, _ continuation: CheckedContinuation<AuditReceipt, Never>) {
        self.record = record
        waiter = Lock(continuation)
    }

    /// Wakes the waiting task, the first time it is called.
    func resolve(_ receipt: AuditReceipt) {
        let continuation = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        continuation?.resume(returning: receipt)
    }
}
