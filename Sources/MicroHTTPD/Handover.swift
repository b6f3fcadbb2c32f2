import Threading

/// One request on its way from libmicrohttpd to its handler, and the answer on its way back.
///
/// The connection is suspended while the handler, a task of the same loop, is busy. Whoever brings the first answer resumes it; an answer
/// that comes second is dropped.
final class Handover: Sendable {
    let head: HTTPRequestHead
    /// When the server answers in the handler's place.
    let limit: ContinuousClock.Instant
    private let gate: RequestGate
    private let state = Lock(State())

    private struct State: Sendable {
        var isAnswered = false
        var answer: HTTPResponse?
        var connection: SuspendedConnection?
        var task: Task<Void, Never>?
    }

    init(head: HTTPRequestHead, limit: ContinuousClock.Instant, gate: RequestGate) {
        self.head = head
        self.limit = limit
        self.gate = gate
    }

    /// Brings an answer. False when there was one already.
    @discardableResult func finish(_ answer: HTTPResponse) -> Bool {
        let (isFirst, connection) = state.withLock { state -> (Bool, SuspendedConnection?) in
            guard !state.isAnswered else { return (false, nil) }
            state.isAnswered = true
            state.answer = answer
            state.task = nil
            defer { state.connection = nil }
            return (true, state.connection)
        }
        if let connection {
            connection.resume()
            gate.leave(self)
        }
        return isFirst
    }

    /// Answers in the handler's place and cancels it. False when there was an answer already.
    func expire(with answer: HTTPResponse) -> Bool {
        let task = state.withLock { $0.task }
        guard finish(answer) else { return false }
        task?.cancel()
        return true
    }

    /// Asks the handler to end early.
    func cancel() {
        state.withLock { $0.task }?.cancel()
    }

    /// Remembers the handler's task, so that it can be cancelled.
    func attach(_ task: Task<Void, Never>) {
        let isLate = state.withLock { state in
            if !state.isAnswered { state.task = task }
            return state.isAnswered
        }
        // Answered by the handler, then this does nothing; or in its place, then it should end.
        if isLate { task.cancel() }
    }

    /// Suspends the connection until the answer is there; in a callback of the connection, once its handler has been started.
    func suspend(_ connection: OpaquePointer, of daemon: Daemon) {
        let suspended = unsafe SuspendedConnection(suspending: connection, of: daemon)
        // The reaper may have answered already.
        let isAnswered = state.withLock { state in
            if !state.isAnswered { state.connection = suspended }
            return state.isAnswered
        }
        if isAnswered {
            suspended.resume()
            gate.leave(self)
        }
    }

    /// The answer; nil while there is none, and once it was taken.
    func takeAnswer() -> HTTPResponse? {
        state.withLock { state in
            defer { state.answer = nil }
            return state.answer
        }
    }
}
