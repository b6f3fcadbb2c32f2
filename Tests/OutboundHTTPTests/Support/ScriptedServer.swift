import Foundation
import Glibc

/// A blocking HTTP server on a loopback port that follows a script, one thread a connection.
///
/// It knows no HTTP: the script reads requests and writes whatever bytes the test wants the client to see.
final class ScriptedServer: @unchecked Sendable {
    let port: Int
    private let listener: Int32
    private let lock = NSCondition()
    // Under `lock`.
    private var accepted = 0
    private var open: Set<Int32> = []
    private var isStopped = false

    /// Listens at once, and runs `script` for each connection, which is closed when it returns.
    init(_ script: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        (listener, port) = try listenOnLoopback()
        let thread = Thread { [self] in accept(script) }
        thread.start()
    }

    /// Connections so far.
    var connectionCount: Int { lock.withLock { accepted } }

    /// Connections that neither side has ended yet.
    var openCount: Int { lock.withLock { open.count } }

    /// Ends the listener and all connections.
    func stop() {
        lock.withLock {
            isStopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    private func accept(_ script: @escaping @Sendable (ScriptedConnection) -> Void) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let isStopped = lock.withLock {
                accepted += 1
                open.insert(descriptor)
                return self.isStopped
            }
            if isStopped { shutdown(descriptor, Int32(SHUT_RDWR)) }
            let thread = Thread { [self] in
                script(ScriptedConnection(descriptor: descriptor))
                lock.withLock {
                    open.remove(descriptor)
                    close(descriptor)
                }
            }
            thread.start()
        }
        close(listener)
    }
}

/// The server's end of one connection.
struct ScriptedConnection: Sendable {
    let descriptor: Int32

    /// The next request, head and body, or nil when the client has closed.
    func readRequest() -> String? {
        var text: [UInt8] = []
        while true {
            if let end = endOfHead(text) {
                let head = String(decoding: text[..<end], as: UTF8.self)
                if text.count >= end + contentLength(head) { return String(decoding: text, as: UTF8.self) }
            }
            guard let more = readSome() else { return nil }
            text += more
        }
    }

    /// Some bytes, or nil when the client has closed.
    func readSome() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// False when the client has closed.
    @discardableResult
    func send(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// A whole answer with its length.
    @discardableResult
    func answer(_ status: String = "200 OK", headers: [String] = [], body: String = "") -> Bool {
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return send(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Returns when the client has closed.
    func waitForClose() {
        while readSome() != nil {}
    }

    private func endOfHead(_ bytes: [UInt8]) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        return (0...(bytes.count - mark.count)).first { Array(bytes[$0..<($0 + mark.count)]) == mark }.map {
            $0 + mark.count
        }
    }

    private func contentLength(_ head: String) -> Int {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            return Int(line.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) ?? 0
        }
        return 0
    }
}

struct SocketError: Error {
    let call: String
    let number = errno
}

/// A listening socket on a free port of 127.0.0.1.
func listenOnLoopback() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            unsafe bind(descriptor, generic, length) == 0 && listen(descriptor, 256) == 0
                && getsockname(descriptor, generic, &length) == 0
        }
    }
    guard bound else { throw SocketError(call: "bind") }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}
