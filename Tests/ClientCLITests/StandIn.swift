import Foundation

/// Vela and the gateway in one server on loopback: each request is answered by a closure.
final class StandIn: @unchecked Sendable {
    /// A request, taken apart.
    struct Request {
        let line: String
        let head: String
        let body: String

        func header(_ name: String) -> String? {
            head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
    }

    let port: UInt16
    private let listener: Int32
    private let respond: (Request, Int) -> String
    // Guards `received`.
    private let lock = NSLock()
    private var received: [Request] = []
    // Connections that get no answer. Touched by the server's thread, and by deinit when that has let go.
    private var held: [Int32] = []

    /// In place of an answer: the connection is reset.
    static let reset = "reset"
    /// In place of an answer: nothing, and the connection stays open.
    static let hold = "hold"

    /// `respond` gets the request and how many with the same path came before it.
    init(_ respond: @escaping (Request, Int) -> String) {
        self.respond = respond
        (listener, port) = Self.listen()
        let listener = listener
        Thread.detachNewThread { [weak self] in
            // Closed here and not in deinit, where its number could be another server's before this thread has ended.
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self else { return }
                self.serve(connection)
            }
        }
    }

    deinit {
        for connection in held { close(connection) }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { lock.withLock { received } }
    func requests(to path: String) -> [Request] { requests.filter { $0.line.contains(" \(path)") } }

    /// A status line, a type and a body.
    static func answer(_ status: Int, _ body: String, type: String = "application/json", headers: String = "") -> String
    {
        "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func serve(_ connection: Int32) {
        guard let request = Self.read(connection) else { return Self.end(connection) }
        let path = request.line.prefix { $0 != "?" }
        let earlier = lock.withLock {
            received.append(request)
            return received.filter { $0.line.prefix { $0 != "?" } == path }.count - 1
        }
        switch respond(request, earlier) {
        case Self.hold: held.append(connection)
        case Self.reset:
            // To linger for no time discards what was not sent, and resets.
            var linger = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(
                connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
            close(connection)
        case let text:
            let answer = Array(text.utf8)
            _ = unsafe send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
            Self.end(connection)
        }
    }

    private static func end(_ connection: Int32) {
        shutdown(connection, Int32(SHUT_WR))
        close(connection)
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let head = String(text[..<end.lowerBound])
            let request = Request(
                line: head.components(separatedBy: "\r\n")[0], head: head, body: String(text[end.upperBound...]))
            if request.body.utf8.count >= Int(request.header("content-length") ?? "0") ?? 0 { return request }
        }
    }

    static func listen() -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                precondition(unsafe bind(descriptor, raw, size) == 0 && Glibc.listen(descriptor, 16) == 0)
                precondition(unsafe getsockname(descriptor, raw, &size) == 0)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A port on which nothing listens.
    static func unusedPort() -> UInt16 {
        let (descriptor, port) = listen()
        close(descriptor)
        return port
    }
}
