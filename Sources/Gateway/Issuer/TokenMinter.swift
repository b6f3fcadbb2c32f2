package import ExchangeCore
import Secrets
package import StrictJSON

/// Makes the short tokens that the gateway presents to STS in the step's stead, one for each attempt.
package struct TokenMinter: Sendable {
    /// `iss`: the URL that AWS knows as the provider.
    let issuer: String
    /// From now to `exp`: 60 s, which a call with its deadline needs less of, and a thief gets nothing of.
    let lifetime: Duration
    let now: @Sendable () -> Timestamp
    /// The key that signs now; throws where none may (`SigningKeyRing.signer`).
    let signingKey: @Sendable () throws(Refusal) -> SigningKey

    package init(
        issuer: String, lifetime: Duration = .seconds(60), now: @escaping @Sendable () -> Timestamp,
        signingKey: @escaping @Sendable () throws(Refusal) -> SigningKey
    ) {
        self.issuer = issuer
        self.lifetime = lifetime
        self.now = now
        self.signingKey = signingKey
    }

    /// How far `iat` lies back: AWS refuses tokens from the future, and clocks differ by seconds.
    static let setBack = Duration.seconds(5)

    /// The claims that a token can have, for the discovery document.
    static let claimNames = [
        "iss", "sub", "aud", "iat", "exp", "jti", "https://aws.amazon.com/tags",
        "https://aws.amazon.com/source_identity", "roles",
    ]

    /// A token that says `claims` and nothing else of the caller's.
    ///
    /// - Throws: `issuerUnpublished` while no key may sign.
    package func mint(_ claims: FederationClaims) throws(Refusal) -> MintedToken {
        let (key, time) = (try signingKey(), now())
        let expiry = Timestamp(seconds: (time + lifetime).seconds)
        let tokenID = Self.freshID()
        let document = document(claims, tokenID: tokenID, from: time + (.zero - Self.setBack), until: expiry)
        do throws(SigningKeyFault) {
            return MintedToken(
                token: try key.token(over: document), tokenID: tokenID, keyID: key.keyID, expiresAt: expiry)
        } catch {
            throw .issuerUnpublished(cause: error.description)
        }
    }

    /// 128 random bits: no two tokens share one, and nobody guesses the next.
    private static func freshID() -> String {
        var bytes: [UInt8] = []
        for word in [RandomWords.next(), RandomWords.next()] {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
        return Base64URL.encode(bytes)
    }

    /// The claims as AWS reads them: IAM user guide, "Pass session tags in AWS STS" and "Monitor and control actions taken
    /// with assumed roles". Every text goes through the writer, so none can add a member.
    private func document(
        _ claims: FederationClaims, tokenID: String, from issuedAt: Timestamp, until expiry: Timestamp
    ) -> [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("iss", issuer)
        writer.member("sub", claims.subject)
        writer.member("aud", claims.audience)
        writer.member("iat", Int(issuedAt.seconds))
        writer.member("exp", Int(expiry.seconds))
        writer.member("jti", tokenID)
        writer.tags(claims.tags)
        writer.member("https://aws.amazon.com/source_identity", claims.sourceIdentity)
        if let role = claims.pinnedRole { writer.member("roles", [role.description]) }
        writer.endObject()
        return writer.finish()
    }
}

/// A token of the gateway's own, and what the audit may say of it.
package struct MintedToken: Sendable {
    /// The token, for STS alone.
    let token: Secret
    /// Its `jti`.
    let tokenID: String
    /// The key that signed it.
    let keyID: String
    /// Its `exp`.
    let expiresAt: Timestamp
}

extension JSONWriter<[UInt8]> {
    /// The member for session tags; nothing where there are none.
    fileprivate mutating func tags(_ tags: [SessionTag]) {
        guard !tags.isEmpty else { return }
        name("https://aws.amazon.com/tags")
        beginObject()
        name("principal_tags")
        beginObject()
        for tag in tags { member(tag.key, [tag.value]) }
        endObject()
        member("transitive_tag_keys", tags.filter(\.isTransitive).map(\.key))
        endObject()
    }
}
