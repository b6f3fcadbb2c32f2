import Threading

/// Sends commands to one server over one connection, all that wait at a time.
///
/// A connection that breaks is made anew, and what was under way is sent once more: commands must bear that.
package final class RedisClient: Sendable {
    private let server: RedisServer
    private let state = Lock(State())
    private let work = WorkSignal()

    /// Commands that may wait: more than a server answers within its patience.
    private static let capacity = 1024

    private struct State {
        var waiting: [Order] = []
        var isClosed = false
    }

    /// A command and the task that waits for its reply.
    private struct Order: Sendable {
        let command: RedisCommand
        let continuation: CheckedContinuation<Result<RedisReply, RedisError>, Never>
    }

    /// Connects when the first command comes. Nil when the system has no thread to give.
    package init?(to server: RedisServer) {
        self.server = server
        guard let thread = PlainThread({ [self] in run() }) else { return nil }
        // Not joined: it ends by itself within the time of one attempt.
        thread.detach()
    }

    /// The server's reply. It takes no longer than two rounds of connecting and sending: the one under way, and its own.
    package func reply(to command: RedisCommand) async throws(RedisError) -> RedisReply {
        let result = await withCheckedContinuation { continuation in
            let refusal: RedisError? = state.withLock { state in
                if state.isClosed { return .closed }
                if state.waiting.count >= Self.capacity { return .overloaded }
                state.waiting.append(Order(command: command, continuation: continuation))
                return nil
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) } else { work.signal() }
        }
        return try result.get()
    }

    /// Answers what waits, and ends the connection.
    package func close() {
        state.withLock { $0.isClosed = true }
        work.signal()
    }

    // MARK: On the client's own thread

    private func run() {
        var link = RedisLink(server: server)
        while let orders = nextOrders() {
            do throws(RedisError) {
                let replies = try link.replies(to: orders.map(\.command))
                for (order, reply) in zip(orders, replies) { order.continuation.resume(returning: .success(reply)) }
            } catch {
                for order in orders { order.continuation.resume(returning: .failure(error)) }
            }
        }
    }

    /// Waits for commands. Nil when the client is closed and none waits.
    private func nextOrders() -> [Order]? {
        while true {
            let (orders, isClosed) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isClosed)
            }
            if !orders.isEmpty { return orders }
            if isClosed { return nil }
            work.wait()
        }
    }
}

/// The connection while there is one, and the pause after one could not be had.
private struct RedisLink {
    let server: RedisServer
    private var connection: RedisConnection?
    private var failure: RedisError?
    private var pause: Duration = Self.shortestPause
    private var nextAttempt: ContinuousClock.Instant?

    /// Doubled after each failure in a row, so that an outage costs the callers no waiting and the server no storm.
    private static let shortestPause: Duration = .milliseconds(100)
    private static let longestPause: Duration = .seconds(2)

    init(server: RedisServer) { self.server = server }

    mutating func replies(to commands: [RedisCommand]) throws(RedisError) -> [RedisReply] {
        if let connection {
            do throws(RedisError) { return checked(try connection.replies(to: commands)) } catch {
                self.connection = nil
                // One that stopped answering will not answer faster on a new connection.
                if error.isTimeout { throw pausing(after: error) }
            }
        }
        if let nextAttempt, let failure, .now < nextAttempt { throw failure }
        do throws(RedisError) {
            let connection = try RedisConnection(to: server)
            let replies = try connection.replies(to: commands)
            self.connection = connection
            (pause, nextAttempt) = (Self.shortestPause, nil)
            return checked(replies)
        } catch {
            throw pausing(after: error)
        }
    }

    /// The same replies. A connection whose server says no is given up: after a failover it is the old primary's, and would say so
    /// for ever.
    private mutating func checked(_ replies: [RedisReply]) -> [RedisReply] {
        for case .error(let words) in replies {
            connection = nil
            _ = pausing(after: .refused(words))
        }
        return replies
    }

    private mutating func pausing(after error: RedisError) -> RedisError {
        failure = error
        nextAttempt = .now + pause
        pause = min(pause * 2, Self.longestPause)
        return error
    }
}
