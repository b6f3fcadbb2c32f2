import Glibc

/// The client's end of a connection to a Unix socket, which it closes when it goes.
final class FuzzClient {
    private let socket: CInt
    private var received: [UInt8] = []

    init(path: String) {
        socket = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8) + [0]) }
        let result = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(socket, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(result == 0, "nobody listens on \(path)")
    }

    deinit {
        close(socket)
    }

    /// Writes all of it. False when the server has ended the connection.
    func write(_ bytes: ArraySlice<UInt8>) -> Bool {
        // The slice is the caller's; an input fits the socket's buffer many times.
        unsafe bytes.withUnsafeBytes { unsafe send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            == bytes.count
    }

    /// Waits until the server has read what was written, or closed. Answers are read meanwhile, or the two would wait for each other.
    func waitUntilTaken() {
        var untaken: CInt = 0
        repeat {
            _ = receive(CInt(MSG_DONTWAIT))
            sched_yield()
            // It writes one int: the bytes that the other end has not taken.
            _ = unsafe ioctl(socket, UInt(TIOCOUTQ), &untaken)
        } while untaken > 0
    }

    /// Tells the server that nothing more comes. After `waitUntilTaken`: an end that arrives together with bytes is overlooked by
    /// libmicrohttpd 0.9.75, and only a deadline would end the connection.
    func endWriting() {
        shutdown(socket, CInt(SHUT_WR))
    }

    /// All that the server sent before it ended the connection.
    func readToEnd() -> [UInt8] {
        while receive(0) {}
        return received
    }

    private func receive(_ flags: CInt) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe recv(socket, &buffer, buffer.count, flags)
        if count > 0 { received += buffer[..<count] }
        return count > 0
    }
}
