import OutboundHTTP
import Secrets

/// A connection that the server has let in. It blocks: for the client's own thread.
final class RedisConnection {
    private let stream: OutboundStream
    private let patience: Duration
    private var parser = RedisReplyParser()

    /// Connects, and shows user and password where there are any.
    init(to server: RedisServer) throws(RedisError) {
        do throws(OutboundFailure) {
            stream = try OutboundStream(connectingTo: server.address.endpoint, configuration: server.outbound)
        } catch {
            throw .connection(error)
        }
        patience = server.patience
        try enter(server)
    }

    private func enter(_ server: RedisServer) throws(RedisError) {
        var commands: [RedisCommand] = []
        if let password = try server.password() {
            commands.append(.authentication(user: server.address.user, password: password))
        }
        if server.address.database != 0 { commands.append(RedisCommand(["SELECT", String(server.address.database)])) }
        for reply in try replies(to: commands) {
            if case .error(let words) = reply { throw .refused(words) }
        }
    }

    /// The replies to `commands`, in their order. After an error the connection is of no more use: what comes next could be a
    /// reply to an earlier command.
    func replies(to commands: [RedisCommand]) throws(RedisError) -> [RedisReply] {
        let deadline = ContinuousClock.now + patience
        try send(commands, before: deadline)
        var replies: [RedisReply] = []
        while replies.count < commands.count {
            if let reply = try parser.next() { replies.append(reply) } else { try receive(before: deadline) }
        }
        return replies
    }

    private func send(_ commands: [RedisCommand], before deadline: ContinuousClock.Instant) throws(RedisError) {
        do throws(OutboundFailure) {
            for command in commands { try stream.send(command.bytes, before: deadline) }
        } catch {
            throw .connection(error)
        }
    }

    private func receive(before deadline: ContinuousClock.Instant) throws(RedisError) {
        do throws(OutboundFailure) {
            parser.append(try stream.receive(before: deadline))
        } catch {
            throw .connection(error)
        }
    }
}
