import Threading

/// One request on its way to the loop's thread, and where its outcome goes.
struct TransferOrder: Sendable {
    typealias Outcome = Result<OutboundResponse, OutboundFailure>

    let id: UInt64
    let request: OutboundRequest
    let deadline: ContinuousClock.Instant
    /// Filled before the continuation is resumed. A lock of ours hands the outcome from thread to thread, because
    /// ThreadSanitizer cannot see how the runtime's continuations do it and calls it a race.
    let outcome: Lock<Outcome>
    /// Resumed exactly once: by the loop, or by the sender when the mailbox is closed.
    let continuation: CheckedContinuation<Void, Never>

    /// Tells the sender. Once.
    func finish(_ outcome: Outcome) {
        self.outcome.withLock { $0 = outcome }
        continuation.resume()
    }
}
