import CryptoExtras
import FoundationEssentials
import StrictJSON

/// What AWS takes from a web identity token.
struct WebIdentity: Sendable {
    let issuer: String
    let subject: String
    let audience: String
}

/// An issuer whose tokens the account takes.
enum TrustedIssuer: Sendable {
    case vela(VelaIssuer)
    case published(PublishedIssuer)

    /// Nil while nothing is published.
    var issuerURL: String? {
        switch self {
        case .vela(let issuer): issuer.issuerURL
        case .published(let issuer): issuer.issuerURL
        }
    }

    /// Nil where the issuer has no such key.
    func verifies(_ signature: [UInt8], over input: String, by algorithm: String, kid: String) -> Bool? {
        switch self {
        case .published(let issuer): return issuer.verifies(signature, over: input, by: algorithm, kid: kid)
        case .vela(let issuer):
            guard algorithm == "RS256", let key = issuer.keys.key(kid) else { return nil }
            let value = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return key.publicKey.isValidSignature(value, for: Array(input.utf8), padding: .insecurePKCS1v1_5)
        }
    }
}

/// Checks web identity tokens as AWS does for an OpenID Connect provider: signature, issuer, audience, expiry.
struct WebIdentityCheck: Sendable {
    /// The providers of the account: no other issuer's tokens are taken.
    let trusted: [TrustedIssuer]
    /// The client ids of the provider.
    let audiences: [String]

    /// The identity that `token` proves.
    func identity(provedBy token: String, at moment: Timestamp = .now) throws(STSError) -> WebIdentity {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2].utf8)
        else { throw STSError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") }
        let named = claims["iss"]?.string
        guard let issuer = named, let provider = trusted.first(where: { $0.issuerURL == issuer }) else {
            let shown = claims["iss"]?.string ?? "no issuer"
            throw STSError("InvalidIdentityToken", "No OpenIDConnect provider found in your account for \(shown)")
        }
        try Self.check(signature, over: "\(parts[0]).\(parts[1])", header: header, of: provider)
        return try identity(from: claims, issuer: issuer, at: moment)
    }

    private static func check(
        _ signature: [UInt8], over input: String, header: JSONObject, of provider: TrustedIssuer
    ) throws(STSError) {
        guard let algorithm = header["alg"]?.string, let kid = header["kid"]?.string,
            let isValid = provider.verifies(signature, over: input, by: algorithm, kid: kid)
        else {
            throw STSError(
                "InvalidIdentityToken",
                "Couldn't retrieve verification key from your identity provider, please reference "
                    + "AssumeRoleWithWebIdentity documentation for requirements")
        }
        guard isValid else { throw STSError("InvalidIdentityToken", "The signature of the token is invalid") }
    }

    private func identity(from claims: JSONObject, issuer: String, at moment: Timestamp) throws(STSError) -> WebIdentity
    {
        let named = claims["aud"]?.array?.compactMap(\.string) ?? claims["aud"]?.string.map { [$0] } ?? []
        guard let audience = named.first(where: audiences.contains) else {
            throw STSError("InvalidIdentityToken", "Incorrect token audience")
        }
        guard let expiry = claims["exp"]?.integer, let subject = claims["sub"]?.string else {
            throw STSError("InvalidIdentityToken", "Missing a required claim")
        }
        guard moment.seconds < expiry else {
            throw STSError(
                "ExpiredTokenException",
                "Token expired: current date/time \(moment.seconds) must be before the expiration date/time \(expiry)")
        }
        return WebIdentity(issuer: issuer, subject: subject, audience: audience)
    }

    /// What `token` says, verified or not; nil for what is no token.
    static func claims(of token: String) -> JSONObject? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 ? object(parts[1]) : nil
    }

    private static func object(_ part: Substring) -> JSONObject? {
        guard let bytes = Base64URL.decode(part.utf8) else { return nil }
        // Whatever is wrong with the JSON, AWS says only that this is no token.
        return try? JSONValue(parsing: bytes).object
    }
}
