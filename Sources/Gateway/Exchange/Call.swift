import ExchangeCore
import MicroHTTPD
import StrictJSON

/// What log and audit say of a request beside its content: who called, when, and under which ids.
struct Call: Sendable {
    let requestID: RequestID
    /// The trace id of a W3C `traceparent`, nil without a valid one.
    let traceID: String?
    /// The caller's own X-Request-Id; nil without one that is fit to be recorded.
    let clientRequestID: ClientRequestID?
    /// Who called: the peer, or whom trusted proxies name.
    let source: PeerAddress
    let receivedAt: Timestamp
    /// When the whole request must be answered.
    let deadline: ContinuousClock.Instant

    /// The source's address without the port.
    var sourceAddress: String { source.host }

    /// `patience` is how long this front's caller waits; nil leaves it at the server's deadline.
    init(_ request: HTTPRequest, from source: PeerAddress, receivedAt: Timestamp, within patience: Duration? = nil) {
        requestID = RequestID()
        traceID = request.headers["traceparent"].flatMap(TraceParent.init(parsing:))?.traceID
        clientRequestID = request.headers["x-request-id"].flatMap(ClientRequestID.init(parsing:))
        self.source = source
        self.receivedAt = receivedAt
        deadline = patience.map { min(request.deadline, .now + $0) } ?? request.deadline
    }
}

/// A W3C Trace Context `traceparent`: version, trace id, parent id, flags.
struct TraceParent: Sendable {
    let traceID: String

    /// Nil for what the specification calls invalid: then a trace simply does not go on.
    init?(parsing text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[1].utf8.count == 32, parts[2].utf8.count == 16,
            parts[3].utf8.count == 2, parts.prefix(4).allSatisfy({ $0.utf8.allSatisfy(\.isLowercaseHexDigit) }),
            parts[0] != "ff", parts[0] != "00" || parts.count == 4
        else { return nil }
        guard parts[1].utf8.contains(where: { $0 != UInt8(ascii: "0") }),
            parts[2].utf8.contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        traceID = String(parts[1])
    }
}

extension UInt8 {
    fileprivate var isLowercaseHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
