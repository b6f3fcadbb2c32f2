import Glibc

/// A client that sends exactly the bytes it is given and reads what comes. Blocking: use it on a thread of its own.
final class BlockingClient {
    private let socket: Int32
    private var unread: [UInt8] = []

    /// What a server answered.
    struct Answer: Sendable {
        let status: Int
        let head: String
        let body: String

        /// Whether the head has `line`, whatever its case.
        func has(_ line: String) -> Bool {
            head.lowercased().split(separator: "\r\n").contains { $0 == line.lowercased() }
        }
    }

    /// What a client may meet.
    enum Failure: Error, Equatable {
        case refused(Int32)
        case ended(received: String)
        case silent
        case malformed(String)
    }

    /// Connects to a port of the loopback, over IPv4 unless told otherwise.
    init(port: UInt16, overIPv6: Bool = false) throws {
        socket = Glibc.socket(overIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // No test waits longer than this for bytes.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // Small pieces go out at once, and not when the one before was acknowledged.
        var noDelay: Int32 = 1
        _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
        let result = overIPv6 ? Self.connect6(socket, port) : Self.connect4(socket, port)
        // `deinit` closes the socket then too.
        guard result == 0 else { throw Failure.refused(errno) }
    }

    /// Connects; nil when nobody listens any more.
    static func orRefused(port: UInt16) throws -> BlockingClient? {
        do { return try BlockingClient(port: port) } catch Failure.refused(ECONNREFUSED) { return nil }
    }

    /// Connects to a Unix socket.
    init(path: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8) + [0]) }
        let result = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(socket, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // `deinit` closes the socket then too.
        guard result == 0 else { throw Failure.refused(errno) }
    }

    deinit {
        close(socket)
    }

    /// Sends all of `text`. Throws when the server has ended the connection.
    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends all of `bytes`. Throws when the server has ended the connection.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            // The array is this call's; the kernel reads what is left of it.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe bytes[sent...]
                let start = unsafe UnsafeRawBufferPointer(rebasing: rest).baseAddress
                return unsafe Glibc.send(socket, start, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.ended(received: "") }
            sent += count
        }
    }

    /// Tells the server that nothing more comes.
    func endSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// The next answer, whole.
    func answer(toHead isHead: Bool = false) throws -> Answer {
        var headEnd = endOfHead
        while headEnd == nil {
            try readMore()
            headEnd = endOfHead
        }
        let head = String(decoding: unread[..<(headEnd ?? 0)], as: UTF8.self)
        unread.removeFirst(headEnd ?? 0)
        guard let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure.malformed(head)
        }
        let length = isHead || status < 200 || status == 204 ? 0 : try Self.contentLength(head)
        while unread.count < length { try readMore() }
        defer { unread.removeFirst(length) }
        return Answer(status: status, head: head, body: String(decoding: unread[..<length], as: UTF8.self))
    }

    /// Sends a request and reads its answer.
    func exchange(_ request: String) throws -> Answer {
        try send(request)
        return try answer()
    }

    /// Whether the server has ended the connection, with nothing more to read. Waits for either.
    func hasEnded() throws -> Bool {
        guard unread.isEmpty else { return false }
        do {
            try readMore()
            return false
        } catch Failure.ended {
            return true
        }
    }

    private var endOfHead: Int? {
        let mark = Array("\r\n\r\n".utf8)
        return unread.indices.first { unread[$0...].starts(with: mark) }.map { $0 + mark.count }
    }

    private static func contentLength(_ head: String) throws -> Int {
        let prefix = "content-length: "
        let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix(prefix) }
        guard let length = line.flatMap({ Int($0.dropFirst(prefix.count)) }) else { throw Failure.malformed(head) }
        return length
    }

    private func readMore() throws {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe recv(socket, &buffer, buffer.count, 0)
        if count < 0 && errno == EAGAIN { throw Failure.silent }
        guard count > 0 else { throw Failure.ended(received: String(decoding: unread, as: UTF8.self)) }
        unread += buffer[..<count]
    }

    private static func connect4(_ socket: Int32, _ port: UInt16) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func connect6(_ socket: Int32, _ port: UInt16) -> Int32 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(socket, address, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
}
