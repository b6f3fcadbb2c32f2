import ExchangeCore
import StrictJSON

/// The use of a verified token by one request: under which keys it is noted, and for how long.
struct TokenUse: Sendable, Equatable {
    /// Whose use it is. Another request's use of the same token has another one.
    let id: String
    /// Lower-case hex SHA-256: of the issuer with what was signed, and with the `jti` where there is one.
    ///
    /// Not with the signature: one of ECDSA can be rewritten into another valid one. Hashed, so that what a token says decides
    /// neither the length nor the form of a key.
    let keys: [String]
    /// From then on the token is refused anyway, by every clock that may differ by as much as a clock may.
    let endsAt: Timestamp

    /// The greatest skew that an issuer may be given.
    private static let longestSkew: Duration = .seconds(60)

    init(of token: VerifiedToken, by request: RequestID) {
        self.init(
            issuer: token.issuerURL, signedDigest: token.signedDigest, tokenID: token.tokenID,
            expiresAt: token.expiresAt, id: request.description)
    }

    init(issuer: String, signedDigest: String, tokenID: String?, expiresAt: Timestamp, id: String) {
        self.id = id
        let names = [("signed", signedDigest)] + (tokenID.map { [("jti", $0)] } ?? [])
        // The length keeps the issuer's end apart from what follows.
        keys = names.map { kind, value in sha256Hex("\(issuer.utf8.count) \(issuer) \(kind) \(value)") }
        endsAt = expiresAt + Self.longestSkew
    }
}
