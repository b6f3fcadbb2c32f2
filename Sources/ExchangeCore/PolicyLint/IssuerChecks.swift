/// Issuers and what is believed of them.
extension LintedPolicy {
    /// Its tokens are verified, its keys fetched, and none is let in: a rule is missing, or the issuer is left over.
    func withoutRule(_ issuer: Issuer) -> String? {
        guard !allows.contains(where: { $0.issuer.name == issuer.name }) else { return nil }
        return "no allow rule is for issuer \(issuer.name), so its tokens get nothing; add a rule, or remove the issuer"
    }

    /// A switch for an emergency, which somebody must put back: until then its rules say nothing.
    func disabled(_ issuer: Issuer) -> String? {
        guard issuer.isDisabled else { return nil }
        return
            "issuer \(issuer.name) is disabled, so all its tokens are refused; remove disabled when the reason is gone"
    }

    /// Vela before v0.26 sends no `pull_fork` for forks either.
    func trustInAbsentPullFork(_ issuer: Issuer) -> String? {
        guard issuer.absentPullForkIsFalse else { return nil }
        return "absent_pull_fork: false takes a token of issuer \(issuer.name) without pull_fork for one of no fork, "
            + "which is true of Vela v0.26 alone; update the server and remove it"
    }

    /// Whoever stands between gateway and issuer can put keys of his own in place, and sign any token.
    func plaintextKeys(_ issuer: Issuer) -> String? {
        guard issuer.keySource == .discovery(allowPlaintext: true) else { return nil }
        return
            "allow_plaintext fetches the keys of issuer \(issuer.name) without TLS, so whoever is on the way can sign "
            + "its tokens; give the issuer TLS, or its keys in keys_file"
    }
}
