import CryptoExtras
import FoundationEssentials
import StrictJSON

/// What AWS takes from a web identity token.
struct WebIdentity: Sendable {
    let issuer: String
    let subject: String
    let audience: String
}

/// Checks web identity tokens as AWS does for an OpenID Connect provider: signature, issuer, audience, expiry.
struct WebIdentityCheck: Sendable {
    /// Where the keys are.
    let issuer: VelaIssuer
    /// The client ids of the provider.
    let audiences: [String]

    /// The identity that `token` proves.
    func identity(provedBy token: String, at moment: Timestamp = .now) throws(STSError) -> WebIdentity {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2].utf8)
        else { throw STSError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") }
        guard let issuer = claims["iss"]?.string, issuer == self.issuer.issuerURL else {
            let shown = claims["iss"]?.string ?? "no issuer"
            throw STSError("InvalidIdentityToken", "No OpenIDConnect provider found in your account for \(shown)")
        }
        try check(signature, over: "\(parts[0]).\(parts[1])", header: header)
        return try identity(from: claims, issuer: issuer, at: moment)
    }

    private func check(_ signature: [UInt8], over input: String, header: JSONObject) throws(STSError) {
        guard header["alg"]?.string == "RS256", let kid = header["kid"]?.string, let key = issuer.keys.key(kid) else {
            throw STSError(
                "InvalidIdentityToken",
                "Couldn't retrieve verification key from your identity provider, please reference "
                    + "AssumeRoleWithWebIdentity documentation for requirements")
        }
        let value = _RSA.Signing.RSASignature(rawRepresentation: signature)
        guard key.publicKey.isValidSignature(value, for: Array(input.utf8), padding: .insecurePKCS1v1_5) else {
            throw STSError("InvalidIdentityToken", "The signature of the token is invalid")
        }
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

    private static func object(_ part: Substring) -> JSONObject? {
        guard let bytes = Base64URL.decode(part.utf8) else { return nil }
        // Whatever is wrong with the JSON, AWS says only that this is no token.
        return try? JSONValue(parsing: bytes).object
    }
}
