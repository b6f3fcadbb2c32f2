import ExchangeCore
import Threading

/// Lets requests call STS, as many at a time as the limits say and in fair turns.
final class Admission: Sendable {
    private let patience: Duration
    private let state: Lock<State>

    private struct State {
        var queue: FairQueue
        var waiters: [Int: Waiter] = [:]
        var lastNumber = 0
    }

    private struct Waiter {
        let repository: String
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Refusal?, Never>
    }

    init(limits: AdmissionLimits = AdmissionLimits()) {
        patience = limits.patience
        state = Lock(State(queue: FairQueue(limits: limits)))
    }

    /// Calls of STS under way, and requests that wait for one.
    var load: (running: Int, waiting: Int) { state.withLock { ($0.queue.running, $0.queue.waiting) } }

    /// Runs `call` when it is the turn of `repository`; refuses when that would take too long.
    func run<Value: Sendable>(
        for repository: String, before deadline: ContinuousClock.Instant,
        _ call: () async throws(STSFailure) -> Value
    ) async throws(STSFailure) -> Value {
        if let refusal = await enter(repository, before: deadline) {
            throw STSFailure(refusal: refusal, reachedSTS: false, attempts: 0)
        }
        defer { leave(repository) }
        return try await call()
    }

    /// Gives up those that have waited for too long. Runs until it is cancelled; a request that waits so costs no timer.
    func watch(sleep: @Sendable (Duration) async throws -> Void) async {
        while !Task.isCancelled {
            do { try await sleep(.milliseconds(100)) } catch { return }
            giveUp(before: .now)
        }
    }

    /// Nil when it may go on. It does not look at cancellation: no request is cancelled before its deadline, and that ends
    /// the wait.
    private func enter(_ repository: String, before deadline: ContinuousClock.Instant) async -> Refusal? {
        let until = min(deadline, .now + patience)
        return await withCheckedContinuation { continuation in
            let (ended, refusal): (CheckedContinuation<Refusal?, Never>?, Refusal?) = state.withLock { state in
                state.lastNumber += 1
                switch state.queue.enter(repository, state.lastNumber) {
                case .admitted: return (continuation, nil)
                case .refused(let refusal): return (continuation, refusal)
                case .waits(let evicted):
                    state.waiters[state.lastNumber] = Waiter(
                        repository: repository, deadline: until, continuation: continuation)
                    return (evicted.flatMap { state.waiters.removeValue(forKey: $0)?.continuation }, .overloaded)
                }
            }
            ended?.resume(returning: refusal)
        }
    }

    private func leave(_ repository: String) {
        let admitted = state.withLock { state in
            state.queue.leave(repository).compactMap { state.waiters.removeValue(forKey: $0)?.continuation }
        }
        for continuation in admitted { continuation.resume(returning: nil) }
    }

    private func giveUp(before now: ContinuousClock.Instant) {
        let overdue: [CheckedContinuation<Refusal?, Never>] = state.withLock { state in
            let overdue = state.waiters.filter { $0.value.deadline <= now }
            for (number, waiter) in overdue where state.queue.leaveQueue(waiter.repository, number) {
                state.waiters[number] = nil
            }
            return overdue.map(\.value.continuation)
        }
        for continuation in overdue { continuation.resume(returning: .overloaded) }
    }
}
