import ClientHTTP

/// A failed attempt, and whether another can help.
struct AttemptFailure: Error {
    /// What may follow.
    enum Retry: Equatable {
        case never
        /// The request surely never left: the ID token it would have carried is still unused.
        case unsent
        /// The server may have acted on it, and may have used the ID token up. `after` is what it asked to wait, nil
        /// for nothing.
        case sent(after: Duration?)
    }

    let failure: ClientFailure
    let retry: Retry

    init(_ failure: ClientFailure, retry: Retry = .never) {
        self.failure = failure
        self.retry = retry
    }

    /// A request without an answer. Both kinds of request may be repeated after they were sent: Vela's is a GET, and of
    /// the gateway's at worst a session is left over that nobody holds.
    init(_ error: ClientHTTPError, _ failure: ClientFailure) {
        switch error {
        case .notConnected, .nameNotResolved, .proxyNotReached: self.init(failure, retry: .unsent)
        case .timedOut, .connectionLost:
            self.init(failure, retry: error.mayHaveBeenSent ? .sent(after: nil) : .unsent)
        case .proxyRefused(_, let status, _):
            self.init(failure, retry: Self.passing.contains(status) ? .unsent : .never)
        case .trustUnusable, .handshakeFailed, .certificateRefused, .proxyAuthentication, .proxyAnswerInvalid,
            .malformedAnswer, .answerTooLarge, .redirected:
            self.init(failure)
        }
    }

    /// The statuses of a server, or one before it, that may be able to answer in a moment.
    static let passing: Set<Int> = [429, 500, 502, 503, 504]
}

extension ClientHTTPResponse {
    /// What the server asked to wait: Retry-After in seconds (RFC 9110 section 10.2.3); nil without it and for its form
    /// with a date, which neither Vela nor the gateway sends.
    var retryAfter: Duration? {
        guard let text = header("retry-after"), text.utf8.count <= 6, let seconds = UInt32(text) else { return nil }
        return .seconds(Int64(seconds))
    }
}
