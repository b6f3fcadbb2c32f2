package import Secrets
package import StrictJSON

/// Claims that nobody has verified, in the form that rules see: for explaining and testing a policy, never for a grant.
package struct UnverifiedClaims: Sendable {
    /// The issuer's name in the policy.
    package let issuer: String
    package let claims: Claims

    /// Reads the payload of a signed token and looks at nothing else of it.
    ///
    /// - Throws: `tokenMalformed`, `tokenUnknownIssuer`, or what Vela's claims lack.
    package init(token: Secret, issuers: [Issuer]) throws(Refusal) {
        let token = try CompactToken(parsing: token)
        guard let issuer = issuers.first(where: { token.issuer?.isByteEqual(to: $0.url) == true }) else {
            throw .tokenUnknownIssuer(issuer: token.issuer?.cut() ?? "")
        }
        try self.init(payload: token.payload, of: issuer)
    }

    /// Takes a token's payload as its issuer would write it. A missing `aud` counts as the issuer's first audience, so that a
    /// case need not write it.
    package init(payload: JSONObject, of issuer: Issuer) throws(Refusal) {
        let named = payload["aud"].map { $0.array ?? [$0] } ?? []
        guard named.count <= 1, let audience = named.first?.string ?? (named.isEmpty ? issuer.audiences.first : nil)
        else {
            throw .tokenAudience(seen: named.map { $0.string?.cut() ?? $0.kind }, expected: issuer.audiences)
        }
        claims = try Claims(verified: payload, audience: audience, of: issuer)
        self.issuer = issuer.name
    }
}
