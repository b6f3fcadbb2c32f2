import Secrets

/// One request while libmicrohttpd has it. Made at its first line, released when libmicrohttpd says it has ended, and
/// touched in between only in the callbacks of its connection, which all come on one thread.
final class Exchange {
    let daemon: Daemon
    let socket: Int32
    let peer: PeerAddress
    /// Where the target ends in libmicrohttpd's buffer; the HTTP version must stand one byte behind it.
    let targetEnd: UInt
    let target: RequestTarget?
    var phase = Phase.readingHeaders
    /// Whether the connection is closed with bytes unread, so that it must linger for the answer to arrive.
    var lingers = false

    /// What comes next.
    enum Phase {
        /// The headers.
        case readingHeaders
        /// The body, of which so much is there.
        case receiving(Incoming)
        /// The rest of a body that nobody wants; then this answer.
        case discarding(EarlyAnswer)
        /// The handler's answer.
        case handling(Handover)
        /// The end.
        case answered
    }

    init(on daemon: Daemon, socket: Int32, peer: PeerAddress, target: RequestTarget?, targetEnd: UInt) {
        self.daemon = daemon
        self.socket = socket
        self.peer = peer
        self.target = target
        self.targetEnd = targetEnd
    }
}

/// A request whose body is being read.
final class Incoming {
    let head: HTTPRequestHead
    let authorization: Secret?
    let deadline: ContinuousClock.Instant
    private var body: SecretBuilder

    init(head: HTTPRequestHead, authorization: Secret?, deadline: ContinuousClock.Instant) {
        self.head = head
        self.authorization = authorization
        self.deadline = deadline
        // At most the cap: longer announcements were refused before.
        body = SecretBuilder(capacity: Int(clamping: head.contentLength ?? 0))
    }

    /// Bytes so far.
    var bodyCount: Int { body.count }

    /// Adds to the body.
    func append(_ bytes: Span<UInt8>) {
        body.append(bytes)
    }

    /// The whole request. Once, at the end.
    func finish() -> HTTPRequest {
        var whole = SecretBuilder(capacity: 1)
        swap(&whole, &body)
        return HTTPRequest(head: head, authorization: authorization, body: whole.finish(), deadline: deadline)
    }
}

/// An answer that was decided on before the body was read.
struct EarlyAnswer {
    let response: HTTPResponse
    let head: HTTPRequestHead?
    /// Whether the connection is closed after it.
    let closes: Bool
    /// Bytes thrown away so far.
    var discarded = 0
}

/// The target of a request: `/path?query`.
struct RequestTarget {
    let path: String
    let query: String?

    /// nil unless it begins with `/` and holds visible ASCII only, without `#` (RFC 9112 section 3.2.1).
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count > 0, bytes[0] == UInt8(ascii: "/") else { return nil }
        var path: [UInt8] = []
        var query: [UInt8]?
        for index in bytes.indices {
            let byte = bytes[index]
            guard (0x21...0x7E).contains(byte), byte != UInt8(ascii: "#") else { return nil }
            if query != nil {
                query?.append(byte)
            } else if byte == UInt8(ascii: "?") {
                query = []
            } else {
                path.append(byte)
            }
        }
        self.path = String(decoding: path, as: UTF8.self)
        self.query = query.map { String(decoding: $0, as: UTF8.self) }
    }
}
