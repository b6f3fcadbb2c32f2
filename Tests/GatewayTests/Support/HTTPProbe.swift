import Foundation
import Glibc
import StrictJSON

/// A request as a test writes it, byte for byte.
struct ProbeRequest: Sendable {
    var method = "POST"
    var path = "/v1/credentials"
    /// The value of Authorization; nil sends none.
    var authorization: [UInt8]?
    var headers: [(name: String, value: String)] = [(name: "Content-Type", value: "application/json")]
    var body = #"{"role":"\#(GatewayPlan.role)"}"#
    /// The value of Host; nil sends HTTP/1.0 without one.
    var host: String? = "localhost"

    /// A request for credentials.
    init(token: String? = nil, body: String? = nil) {
        authorization = token.map { Array("Bearer \($0)".utf8) }
        if let body { self.body = body }
    }

    /// A request without a body.
    init(_ method: String, _ path: String) {
        (self.method, self.path, headers, body) = (method, path, [], "")
    }

    fileprivate var bytes: [UInt8] {
        let hostLine = host.map { "HTTP/1.1\r\nHost: \($0)" } ?? "HTTP/1.0"
        var bytes = Array("\(method) \(path) \(hostLine)\r\nConnection: close\r\n".utf8)
        if let authorization { bytes += Array("Authorization: ".utf8) + authorization + Array("\r\n".utf8) }
        for header in headers { bytes += Array("\(header.name): \(header.value)\r\n".utf8) }
        if method == "POST" || !body.isEmpty { bytes += Array("Content-Length: \(body.utf8.count)\r\n".utf8) }
        return bytes + Array("\r\n\(body)".utf8)
    }
}

/// What came back.
struct ProbeAnswer: Sendable {
    let status: Int
    let head: [String]
    let body: String

    init(_ text: String) throws {
        guard let end = text.range(of: "\r\n\r\n") else { throw ProbeFailure(reason: "no whole head: \(text)") }
        head = text[..<end.lowerBound].components(separatedBy: "\r\n")
        body = String(text[end.upperBound...])
        guard let code = head.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw ProbeFailure(reason: "no status: \(text)")
        }
        status = code
    }

    /// The value of the first field called `name`.
    subscript(name: String) -> String? {
        let prefix = name.lowercased() + ":"
        guard let line = head.first(where: { $0.lowercased().hasPrefix(prefix) }) else { return nil }
        return line.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces)
    }

    /// The members of a JSON body.
    var json: JSONObject {
        get throws {
            guard let object = try JSONValue(parsing: Array(body.utf8)).object else {
                throw ProbeFailure(reason: "no object: \(body)")
            }
            return object
        }
    }

    /// The problem's code; nil for anything else.
    var code: String? { (try? json)?["code"]?.string }  // No JSON is no problem document.
}

/// Why there is no answer.
struct ProbeFailure: Error {
    let reason: String
}

/// Sends a request over a socket of its own, on a thread of its own: the task pool's few threads belong to the gateway.
enum HTTPProbe {
    static func send(_ request: ProbeRequest, to url: String) async throws -> ProbeAnswer {
        guard let port = UInt16(url.split(separator: ":").last ?? "") else {
            throw ProbeFailure(reason: "no port: \(url)")
        }
        let bytes = request.bytes
        return try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try exchange(bytes, port: port) }) }
            thread.start()
        }
    }

    private static func exchange(_ bytes: [UInt8], port: UInt16) throws -> ProbeAnswer {
        let descriptor = try connect(port)
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            // The slice lives through the call. An early answer ends the sending: then the answer counts.
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { break }
            rest = rest.dropFirst(sent)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return try ProbeAnswer(String(decoding: answer, as: UTF8.self)) }
            answer += buffer[..<count]
        }
    }

    private static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // `address` is ours and lives through the call. A minute without a byte is a failure, never a measure.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
                    == 0
                    && Glibc.connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw ProbeFailure(reason: "cannot connect to port \(port): errno \(errno)")
        }
        return descriptor
    }
}
