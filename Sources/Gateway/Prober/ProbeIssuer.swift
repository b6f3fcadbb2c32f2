import Secrets
import StrictJSON

/// An issuer of the prober's own: what its tokens say, beside their times.
struct ProbeIssuer: Sendable {
    let key: ProbeKey
    let url: String
    let audience: String
    let subject: String

    /// Long enough for a slow run, short enough to be worth nothing afterwards.
    static let tokenLife = Duration.seconds(120)

    /// A good token, of which each is another: rules with `one_use` take each once.
    func token(at now: Timestamp) throws(StartFailure) -> Secret { try key.token(claims(at: now)) }

    /// Ended five minutes ago: clocks may be a minute apart at most.
    func expiredToken(at now: Timestamp) throws(StartFailure) -> Secret {
        try key.token(claims(at: now + (.seconds(-300) - Self.tokenLife)))
    }

    /// The claim `name` says something else, and the signature fits.
    func token(at now: Timestamp, _ name: String, _ value: String) throws(StartFailure) -> Secret {
        var claims = claims(at: now)
        claims[name] = .string(value)
        return try key.token(claims)
    }

    /// Signed by a key made up just now that calls itself the right one.
    func forgedToken(at now: Timestamp) throws(StartFailure) -> Secret {
        try ProbeKey().token(claims(at: now), keyID: key.keyID)
    }

    private func claims(at start: Timestamp) -> JSONObject {
        JSONObject([
            .init("iss", .string(url)), .init("sub", .string(subject)), .init("aud", .string(audience)),
            .init("iat", .number(JSONNumber(start.seconds))),
            .init("exp", .number(JSONNumber((start + Self.tokenLife).seconds))),
            .init("jti", .string(RequestID().description)),
        ])
    }
}
