/// Why a request has no answer, in words that fit after "could not reach X: ".
package enum ClientHTTPError: Error, Sendable, Equatable {
    /// The host's name has no address.
    case nameNotResolved(host: String, reason: String)
    /// No address took a connection. Nothing was sent.
    case notConnected(host: String, reason: String)
    /// The file of trusted certificates cannot be used.
    case trustUnusable(String)
    /// The TLS handshake failed; no byte of the request was sent.
    case handshakeFailed(host: String, reason: String)
    /// The peer's certificate is not trusted or is another host's; no byte of the request was sent.
    case certificateRefused(host: String, reason: String)
    /// The proxy took no connection, or its name has no address.
    case proxyNotReached(proxy: String, reason: String)
    /// The proxy wants a user name and password, or others than it got (407).
    case proxyAuthentication(proxy: String)
    /// The proxy opened no tunnel to `host`.
    case proxyRefused(proxy: String, status: Int, host: String)
    /// The proxy's answer to CONNECT does not keep to HTTP.
    case proxyAnswerInvalid(proxy: String, reason: String)
    /// The deadline passed while waiting for `stage`.
    case timedOut(Stage)
    /// The connection broke.
    case connectionLost(Stage, reason: String)
    /// The answer does not keep to HTTP/1.1. `status` is nil when not even the status line was good.
    case malformedAnswer(String, status: Int?)
    /// The body is larger than `limit` bytes.
    case answerTooLarge(limit: Int)
    /// The server answered with a redirect, which is never followed: the token would go along.
    case redirected(status: Int, host: String)

    /// How far a request had come.
    package enum Stage: Sendable, Equatable {
        case resolving, connecting, tunnel, handshake, sending, receiving

        /// Whether the server may have seen the request, or a part of it.
        var isAfterSending: Bool { self == .sending || self == .receiving }
    }

    /// Whether the server may have acted on the request. When false, repeating it is free of harm.
    package var mayHaveBeenSent: Bool {
        switch self {
        case .nameNotResolved, .notConnected, .trustUnusable, .handshakeFailed, .certificateRefused, .proxyNotReached,
            .proxyAuthentication, .proxyRefused, .proxyAnswerInvalid:
            false
        case .timedOut(let stage), .connectionLost(let stage, _): stage.isAfterSending
        case .malformedAnswer, .answerTooLarge, .redirected: true
        }
    }
}

extension ClientHTTPError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nameNotResolved(let host, let reason): "the name \(host) could not be resolved (\(reason))"
        case .notConnected(let host, let reason): "no connection to \(host) (\(reason))"
        case .trustUnusable(let reason): reason
        case .handshakeFailed(let host, let reason): "the TLS handshake with \(host) failed (\(reason))"
        case .certificateRefused(let host, let reason): "the certificate of \(host) is not trusted (\(reason))"
        case .proxyNotReached(let proxy, let reason): "no connection to the proxy \(proxy) (\(reason))"
        case .proxyAuthentication(let proxy):
            "the proxy \(proxy) wants a user name and password, or others than it got (407)"
        case .proxyRefused(let proxy, let status, let host):
            "the proxy \(proxy) opened no tunnel to \(host) (status \(status))"
        case .proxyAnswerInvalid(let proxy, let reason):
            "what answered at the proxy's address \(proxy) is no HTTP proxy: \(reason)"
        case .timedOut(let stage): "time ran out while \(stage.words)"
        case .connectionLost(let stage, let reason): "the connection broke while \(stage.words) (\(reason))"
        case .malformedAnswer(let fault, nil): "the answer is not valid HTTP: \(fault)"
        case .malformedAnswer(let fault, let status?): "the answer (status \(status)) is not valid HTTP: \(fault)"
        case .answerTooLarge(let limit): "the answer is larger than \(limit / 1024) KiB"
        case .redirected(let status, let host):
            "the server answered with a redirect (\(status)) to \(host), and redirects are not followed"
        }
    }
}

extension ClientHTTPError.Stage {
    fileprivate var words: String {
        switch self {
        case .resolving: "resolving the host's name"
        case .connecting: "connecting"
        case .tunnel: "asking the proxy for a tunnel"
        case .handshake: "agreeing on TLS"
        case .sending: "sending the request"
        case .receiving: "waiting for the answer"
        }
    }
}
