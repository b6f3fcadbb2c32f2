import Threading

/// Something that many tasks wait for and that ends once.
///
/// Unlike `Task.value`, waiting ends when the waiter is cancelled: a request's deadline holds while a fetch goes on.
final class Flight: Sendable {
    private struct State {
        var hasEnded = false
        var nextTicket = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Lock(State())

    /// Wakes everybody who waits or ever will.
    func end() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the flight has ended or the calling task is cancelled.
    func wait() async {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    // A cancellation before this line has found no waiter to wake; the flag tells it here.
                    guard !state.hasEnded, !Task.isCancelled else { return false }
                    state.waiters[ticket] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// How many wait; for tests that must know that a request has joined.
    var waiterCount: Int { state.withLock { $0.waiters.count } }
}
