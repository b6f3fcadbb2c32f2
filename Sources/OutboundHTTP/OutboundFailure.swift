/// Why there is no answer.
///
/// The texts are libcurl's or ours, without control characters: they name hosts and causes, never headers or bodies.
package enum OutboundFailure: Error, Sendable, Equatable {
    /// The deadline, or the time to connect, ran out.
    case timedOut(requestSent: Bool)
    /// The answer's body, or its headers, are longer than `limit` bytes.
    case tooLarge(limit: Int)
    /// No connection: the name did not resolve, nobody listens, the proxy refused.
    case cannotConnect(String)
    /// No TLS connection: the certificate is not trusted, is for another host, or no version fits.
    case tls(String)
    /// The request went out, and the answer did not come to its end.
    case interrupted(String)
    /// An answer came that is no HTTP/1.1, or that two readers could take differently.
    case unreadable(String)
    /// The request cannot be sent as it is: a header holds a byte that no header may.
    case invalidRequest(String)
    /// The calling task was cancelled.
    case cancelled(requestSent: Bool)
    /// The client was shut down.
    case closed(requestSent: Bool)

    /// False only where no byte of the request was sent, so that the server surely did not act on it.
    package var reachedServer: Bool {
        switch self {
        case .cannotConnect, .tls, .invalidRequest: false
        case .tooLarge, .interrupted, .unreadable: true
        case .timedOut(let requestSent), .cancelled(let requestSent), .closed(let requestSent): requestSent
        }
    }
}

extension OutboundFailure: CustomStringConvertible {
    /// One line for the log.
    package var description: String {
        switch self {
        case .timedOut(let requestSent): requestSent ? "no answer in time" : "no connection in time"
        case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
        case .cannotConnect(let reason): "cannot connect: \(reason)"
        case .tls(let reason): "no trusted TLS connection: \(reason)"
        case .interrupted(let reason): "the answer was cut: \(reason)"
        case .unreadable(let reason): "the answer cannot be read: \(reason)"
        case .invalidRequest(let reason): "the request cannot be sent: \(reason)"
        case .cancelled: "cancelled by the caller"
        case .closed: "the HTTP client was shut down"
        }
    }
}
