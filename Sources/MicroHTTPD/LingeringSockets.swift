import Glibc
import Threading

/// Keeps the sockets of refused requests open until their clients have read why.
///
/// Closing a socket with bytes unread resets the connection, and the reset may overtake the answer. So a copy of the
/// descriptor stays open a moment while what still comes in is thrown away. libmicrohttpd has sent the answer and
/// ended its side by then. The reaper's thread does the reading.
final class LingeringSockets: Sendable {
    /// Enough for clients over a slow line to read a refusal.
    private static let patience = Duration.seconds(2)
    /// Beyond these, sockets are simply closed: a flood of bad requests must not use up the descriptors.
    private static let capacity = 64

    private let state = Lock([Int32: ContinuousClock.Instant]())

    /// Keeps a copy of a socket that is about to be closed.
    func adopt(duplicating socket: Int32) {
        adopt(owning: fcntl(socket, F_DUPFD_CLOEXEC, 0))
    }

    /// Keeps a socket and closes it in the end.
    func adopt(owning socket: Int32) {
        guard socket >= 0 else { return }
        let isTaken = state.withLock { sockets in
            guard sockets.count < Self.capacity else { return false }
            sockets[socket] = .now + Self.patience
            return true
        }
        if !isTaken { close(socket) }
    }

    /// The sockets to wait for input on.
    var descriptors: [Int32] { state.withLock { Array($0.keys) } }

    /// Throws away what has come, and closes what has ended or overstayed at `now`.
    func drain(at now: ContinuousClock.Instant) {
        let ended = state.withLock { sockets in
            let ended = sockets.filter { now > $0.value || Self.hasEnded($0.key) }.map(\.key)
            for socket in ended { sockets[socket] = nil }
            return ended
        }
        for socket in ended { close(socket) }
    }

    /// Closes all, whatever is unread.
    func closeAll() {
        drain(at: .now + Self.patience * 2)
    }

    private static func hasEnded(_ socket: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // Bounded, so that one fast sender does not hold the reaper: the rest is read at the next turn.
        for _ in 0..<16 {
            let count = unsafe buffer.withUnsafeMutableBytes { buffer in
                // The buffer is this function's.
                unsafe recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            }
            if count == 0 { return true }
            if count < 0 { return errno != EAGAIN && errno != EINTR }
        }
        return false
    }
}
