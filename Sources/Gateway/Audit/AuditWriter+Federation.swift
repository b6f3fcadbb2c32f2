import ExchangeCore

extension AuditWriter {
    /// Whose token AWS was shown, and what one of the gateway's own said: by these CloudTrail's records are found again.
    mutating func federation(_ federation: Federation, minted: MintedMark?) {
        member("federation", federation.mode.rawValue)
        guard let claims = federation.claims else { return }
        member("minted_sub", claims.subject)
        member("minted_aud", claims.audience)
        member("minted_jti", minted?.tokenID)
        member("minted_key_id", minted?.keyID)
        member("source_identity", claims.sourceIdentity)
        if !claims.tags.isEmpty {
            object("tags", claims.tags.map { (name: $0.key, text: $0.value) })
            member("transitive_tag_keys", claims.tags.filter(\.isTransitive).map(\.key))
        }
        member("pinned_role", claims.pinnedRole?.description)
    }
}
