import StrictJSON

/// The claims of RFC 7519 section 4.1, checked: who the token is for and when it holds.
struct RegisteredClaims {
    let audience: String
    let subject: String
    let issuedAt: Timestamp
    let expiresAt: Timestamp
    /// `jti`; nil when absent.
    let tokenID: String?

    /// Year 9999, the last that RFC 3339 can write.
    private static let latest: Int64 = 253_402_300_799

    init(_ payload: JSONObject, of issuer: Issuer, at now: Timestamp) throws(Refusal) {
        audience = try Self.audience(payload["aud"], of: issuer)
        guard let issuedAt = try Self.moment("iat", in: payload), let expiresAt = try Self.moment("exp", in: payload)
        else {
            throw .tokenClaims(cause: "iat and exp are required")
        }
        let notBefore = try Self.moment("nbf", in: payload)
        guard issuedAt <= expiresAt else { throw .tokenClaims(cause: "exp is before iat") }
        try Self.check(now, from: max(issuedAt, notBefore ?? issuedAt), until: expiresAt, skew: issuer.skew)
        if let maximum = issuer.maximumTokenAge, now - issuedAt > maximum + issuer.skew {
            throw .tokenTooOld(age: now - issuedAt, maximum: maximum)
        }
        guard let subject = payload["sub"]?.string, !subject.isEmpty else {
            throw .tokenClaims(cause: "sub is required, a text that is not empty")
        }
        self.subject = subject
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        tokenID = try Self.tokenID(payload["jti"])
    }

    /// The clocks may be `skew` apart; a token is dead at its `exp`, not a second later (RFC 7519 section 4.1.4).
    private static func check(
        _ now: Timestamp, from start: Timestamp, until end: Timestamp, skew: Duration
    ) throws(Refusal) {
        guard now < end + skew else { throw .tokenExpired(at: end) }
        guard start <= now + skew else { throw .tokenNotYetValid(until: start) }
    }

    /// A NumericDate. Fractions are refused, as are dates that could not be written down; nil when absent.
    private static func moment(_ name: String, in payload: JSONObject) throws(Refusal) -> Timestamp? {
        guard let value = payload[name] else { return nil }
        guard let seconds = value.integer, (0...latest).contains(seconds) else {
            throw .tokenClaims(cause: "\(name) is no whole number of seconds since 1970")
        }
        return Timestamp(seconds: seconds)
    }

    /// Exactly one value: a token for several audiences could have been taken from another service.
    private static func audience(_ value: JSONValue?, of issuer: Issuer) throws(Refusal) -> String {
        let values = value?.array ?? value.map { [$0] } ?? []
        guard values.count == 1, let audience = values.first?.string,
            issuer.audiences.contains(where: { $0.isByteEqual(to: audience) })
        else {
            throw .tokenAudience(seen: values.prefix(5).map { $0.string?.cut() ?? $0.kind }, expected: issuer.audiences)
        }
        return audience
    }

    private static func tokenID(_ value: JSONValue?) throws(Refusal) -> String? {
        guard let value else { return nil }
        guard let text = value.string, !text.isEmpty else { throw .tokenClaims(cause: "jti is no text") }
        return text
    }
}
