/// Something the operator may want in a log or a metric. Reported on a loop or a thread of the server: return quickly.
package enum HTTPServerEvent: Sendable {
    /// A connection was turned away because as many as allowed are open.
    case connectionLimitReached(PeerAddress)
    /// A connection was turned away because its address has as many as allowed.
    case addressLimitReached(PeerAddress)
    /// `accept` failed; the server waits a moment and goes on. Reported once for each pause.
    case acceptFailed(errno: Int32)
    /// A request was answered by the server itself.
    case refused(HTTPRefusal, PeerAddress)
    /// A connection was cut because it was too slow or lay too long.
    case reaped(ConnectionStage, PeerAddress)
    /// A handler's answer could not be sent as it was; the client got 500.
    case unusableResponse(HTTPRequestHead)
}

/// Where a connection stands.
package enum ConnectionStage: Sendable {
    /// Accepted, not yet taken by a loop.
    case arriving
    /// New, or reading a later request's headers.
    case readingHeaders
    /// Reading a body.
    case readingBody
    /// With the handler, or about to be.
    case handling
    /// Sending an answer.
    case answering
    /// Between two requests.
    case idle
}
