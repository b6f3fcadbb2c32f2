import Foundation

/// A server on loopback that answers every connection with fixed bytes, whatever was asked.
final class ScriptedServer: @unchecked Sendable {
    /// What it does after its answer.
    enum Ending {
        case close, hold
        /// Sends one byte more every two milliseconds, until the client has gone.
        case drip
    }

    let port: UInt16
    private let listener: Int32
    private let answer: [UInt8]
    private let ending: Ending
    // Guards the two collections below.
    private let lock = NSLock()
    private var received: [[UInt8]] = []
    private var open: [Int32] = []

    init(_ answer: String, then ending: Ending = .close, onIPv6: Bool = false) {
        self.answer = Array(answer.utf8)
        self.ending = ending
        if onIPv6 {
            let (descriptor, number, guardian) = Loopback.listenIPv6()
            (listener, port) = (descriptor, number)
            open.append(guardian)
        } else {
            (listener, port) = Loopback.listen()
        }
        let listener = listener
        Thread.detachNewThread { [weak self] in
            // Closed here and not in deinit, where its number could be another server's before this thread has ended.
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let self else { return }
                self.serve(connection)
            }
        }
    }

    deinit {
        for descriptor in open { close(descriptor) }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The requests so far, head and body.
    var requests: [String] {
        lock.withLock { received.map { String(decoding: $0, as: UTF8.self) } }
    }

    private func serve(_ connection: Int32) {
        let request = Loopback.readRequest(connection)
        lock.withLock { received.append(request) }
        _ = unsafe answer.withUnsafeBytes { unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        switch ending {
        case .close:
            // Without the half close first, unread bytes would turn the close into a reset.
            shutdown(connection, Int32(SHUT_WR))
            close(connection)
        case .hold: lock.withLock { open.append(connection) }
        case .drip:
            var byte = UInt8(ascii: "x")
            while unsafe send(connection, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 { usleep(2000) }
            close(connection)
        }
    }
}

/// Sockets for the tests.
enum Loopback {
    /// A listening socket on 127.0.0.1 and its port.
    static func listen() -> (descriptor: Int32, port: UInt16) {
        let (descriptor, port) = bindIPv4()
        precondition(Glibc.listen(descriptor, 16) == 0)
        return (descriptor, port)
    }

    private static func bindIPv4() -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                precondition(unsafe bind(descriptor, raw, size) == 0)
                precondition(unsafe getsockname(descriptor, raw, &size) == 0)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A listening socket on ::1 only and its port. The same port of 127.0.0.1 takes no connection: `guardian` holds it
    /// without listening, so that no other test's server can be there.
    static func listenIPv6() -> (descriptor: Int32, port: UInt16, guardian: Int32) {
        while true {
            let (guardian, port) = bindIPv4()
            let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_addr = in6addr_loopback
            address.sin6_port = port.bigEndian
            let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
            let isBound = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    unsafe bind(descriptor, raw, size) == 0 && Glibc.listen(descriptor, 16) == 0
                }
            }
            if isBound { return (descriptor, port, guardian) }
            close(descriptor)
            close(guardian)
        }
    }

    /// Whether this machine has ::1; containers often have not.
    static let hasIPv6 =
        FileManager.default.fileExists(atPath: "/proc/net/if_inet6")
        && ((try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8))?.contains(" lo\n") ?? false)

    /// A port on which nothing listens (it was free a moment ago).
    static func unusedPort() -> UInt16 {
        let (descriptor, port) = listen()
        close(descriptor)
        return port
    }

    /// Whether something listens on `port` of 127.0.0.1.
    static func accepts(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Reads one request: the head and as much body as Content-Length says.
    static func readRequest(_ connection: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isWhole(bytes) {
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        guard let field = text.range(of: "Content-Length: ") else { return true }
        let length = Int(text[field.upperBound...].prefix { $0.isNumber }) ?? 0
        return text[end.upperBound...].utf8.count >= length
    }
}
