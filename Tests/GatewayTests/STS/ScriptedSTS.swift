import Foundation
import Glibc

/// An STS that follows a script: a blocking HTTP server on a loopback port that gives its answers in turn, the last one
/// for ever, and counts what it was asked.
final class ScriptedSTS: @unchecked Sendable {
    /// What happens to one request.
    enum Answer: Sendable {
        case http(Int, String)
        /// The connection is closed without a byte.
        case cut
        /// The first bytes of an answer, then the connection is closed.
        case cutAfter(String)
        /// Answered only after ten seconds, or not at all when the client has closed by then.
        case late(Int, String)
    }

    let url: String
    private let listener: Int32
    private let answers: [Answer]
    private let lock = NSLock()
    // Under `lock`.
    private var seen: [String] = []
    private var open: Set<Int32> = []

    init(_ answers: [Answer]) throws {
        self.answers = answers
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        url = "http://127.0.0.1:\(try Self.listenOnFreePort(listener))/"
        let thread = Thread { [self] in accept() }
        thread.start()
    }

    /// The requests so far, heads and bodies.
    var requests: [String] { lock.withLock { seen } }

    /// Ends the listener and all connections.
    func stop() {
        lock.withLock {
            shutdown(listener, Int32(SHUT_RDWR))
            for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            lock.withLock { _ = open.insert(descriptor) }
            let thread = Thread { [self] in
                while let request = read(descriptor), serve(request, on: descriptor) {}
                lock.withLock {
                    open.remove(descriptor)
                    close(descriptor)
                }
            }
            thread.start()
        }
        close(listener)
    }

    /// False when the connection is to be closed.
    private func serve(_ request: String, on descriptor: Int32) -> Bool {
        let answer = lock.withLock {
            seen.append(request)
            return answers[min(seen.count, answers.count) - 1]
        }
        switch answer {
        case .http(let status, let body):
            let head = "HTTP/1.1 \(status) X\r\nContent-Type: text/xml\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            return send(head + body, on: descriptor)
        case .cut: return false
        case .cutAfter(let text):
            _ = send(text, on: descriptor)
            return false
        case .late(let status, let body):
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, 10_000) == 0 else { return false }
            return send("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body, on: descriptor)
        }
    }

    private func send(_ text: String, on descriptor: Int32) -> Bool {
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

    /// A head and as much body as it announces; nil when the client has closed.
    private func read(_ descriptor: Int32) -> String? {
        var text = ""
        while true {
            if let end = text.range(of: "\r\n\r\n") {
                let length = text.range(of: "Content-Length: ").flatMap {
                    Int(text[$0.upperBound...].prefix { $0.isNumber })
                }
                if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
            }
            guard let more = receive(descriptor) else { return nil }
            text += more
        }
    }

    private func receive(_ descriptor: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    private static func listenOnFreePort(_ descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileNoSuchFile) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
