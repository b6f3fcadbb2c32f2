import CMicroHTTPD
import Glibc

/// A socket that listens, non-blocking. Closed, and a Unix socket's file removed, by `close`.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    /// The port in use; 0 for a Unix socket.
    let port: UInt16
    private let path: String?

    /// Listens on `address`.
    init(_ address: ListenAddress) throws(HTTPServerError) {
        do {
            switch address {
            case .ip(let host, let port):
                descriptor = try Self.listen(host: host, port: port)
                self.port = Self.boundPort(of: descriptor)
                path = nil
            case .unix(let path):
                descriptor = try Self.listen(path: path)
                (port, self.path) = (0, path)
            }
        } catch {
            throw .cannotListen(address: "\(address)", reason: error.reason)
        }
    }

    /// Ends listening. Once.
    func close() {
        Glibc.close(descriptor)
        if let path { _ = unsafe unlink(path) }
    }

    private struct Failure: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
        init(errno error: Int32) { self.reason = MicroHTTPD.reason(of: error) }
    }

    private static func listen(host: String, port: UInt16) throws(Failure) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host, String(port), &hints, &found)
        guard result == 0, let address = unsafe found else {
            throw Failure(unsafe String(cString: gai_strerror(result)))
        }
        // The list is ours from getaddrinfo to here.
        defer { unsafe freeaddrinfo(address) }
        let socket = try open(family: unsafe address.pointee.ai_family)
        setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1)
        if unsafe address.pointee.ai_family == AF_INET6 {
            setOption(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, host == "::" ? 0 : 1)
        }
        try unsafe bind(socket, address.pointee.ai_addr, address.pointee.ai_addrlen)
        return socket
    }

    private static func listen(path: String) throws(Failure) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8) + [0]
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { destination in
            guard bytes.count <= destination.count else { return false }
            unsafe destination.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw Failure("the path is longer than 107 bytes") }
        let socket = try open(family: AF_UNIX)
        // With mode 0600 from the start: nobody else may connect, however early. The mask is the process's, so this
        // belongs to the program's start.
        let mask = umask(0o177)
        defer { umask(mask) }
        try unsafe withGenericPointer(to: &address) { address, length throws(Failure) in
            unsafe removeStale(path, address, length)
            try unsafe bind(socket, address, length)
        }
        return socket
    }

    /// Removes a socket's file when nobody listens there any more: left by a process that was killed.
    private static func removeStale(_ path: String, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return }
        defer { Glibc.close(probe) }
        if unsafe connect(probe, address, length) != 0, errno == ECONNREFUSED { _ = unsafe unlink(path) }
    }

    private static func open(family: Int32) throws(Failure) -> Int32 {
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(family, Int32(type), 0)
        guard descriptor >= 0 else { throw Failure(errno: errno) }
        return descriptor
    }

    /// Binds and listens, or closes the socket.
    private static func bind(
        _ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
    ) throws(Failure) {
        // The address is the caller's, for the call.
        guard unsafe Glibc.bind(socket, address, length) == 0, Glibc.listen(socket, SOMAXCONN) == 0 else {
            let error = errno
            Glibc.close(socket)
            throw Failure(errno: error)
        }
    }

    private static func boundPort(of socket: Int32) -> UInt16 {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(socket, address, &length)
            }
        }
        return PeerAddress(address).port
    }
}

/// Sets an integer option. A failure leaves the default, which works.
func setOption(_ socket: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    _ = unsafe setsockopt(socket, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
}

/// Lends `address` as the general type that the socket calls take.
private func withGenericPointer<Failure: Error>(
    to address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(Failure) -> Void
) throws(Failure) {
    try unsafe withUnsafePointer(to: &address) { address throws(Failure) in
        try unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(Failure) in
            try unsafe body(address, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
