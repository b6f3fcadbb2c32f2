import ClientHTTP
import Secrets
import StrictJSON

/// An ID token, and until when it is worth presenting.
struct IDToken {
    let secret: Secret
    private let staleAt: Deadline

    /// Takes a token that was fetched just now; nil for a text that cannot be one.
    init?(_ text: String) {
        secret = Secret(text)
        // The longest token that AWS takes.
        guard (4...20_000).contains(secret.count), ClientHTTPRequest.isFitForHeader(secret) else { return nil }
        staleAt = .after(Self.usefulTime(ofLife: Self.life(text)))
    }

    /// Whether it is young enough to be presented. Measured by this machine's own passing of time, because its clock may
    /// differ from Vela's.
    var isFresh: Bool { !staleAt.isPast }

    /// Half of a life, and nothing of its last 30 s, which the way to AWS may take with all its retries.
    static func usefulTime(ofLife life: Duration) -> Duration { max(.zero, min(life / 2, life - .seconds(30))) }

    /// From `iat` to `exp`; Vela's five minutes for a token that does not say it. Nothing is verified here: the gateway
    /// does that, and a wrong time only costs a request.
    static func life(_ text: String) -> Duration {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let usual = Duration.seconds(300)
        guard parts.count == 3, let bytes = Base64URL.decode(parts[1].utf8) else { return usual }
        let claims: JSONValue? = try? JSONValue(parsing: bytes.span)  // Not the client's to complain about.
        guard let expiry = claims?.object?["exp"]?.integer, let issued = claims?.object?["iat"]?.integer else {
            return usual
        }
        let (seconds, overflow) = expiry.subtractingReportingOverflow(issued)
        return overflow ? usual : .seconds(min(max(seconds, 0), 86_400))
    }
}
