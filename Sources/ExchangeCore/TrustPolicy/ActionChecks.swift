/// What the gateway's tokens carry, and the role must take: AWS refuses the whole call otherwise.
extension LintedTrust {
    var missingTagSession: TrustRemark? {
        guard expectations.extras.holdsTags else { return nil }
        return missing(.tagSession, "session tags")
    }

    var missingSetSourceIdentity: TrustRemark? {
        guard expectations.extras.holdsSourceIdentity else { return nil }
        return missing(.setSourceIdentity, "a source identity")
    }

    private func missing(_ action: TrustAction, _ what: String) -> TrustRemark? {
        let providers = entrances.filter { $0.source == .gateway }.map(\.provider)
        guard let provider = providers.first else { return nil }
        let isAllowed = policy.allows.contains { statement in
            statement.takes(action) && statement.principals.contains { $0 == .everyone || $0.provider == provider }
        }
        guard !isAllowed else { return nil }
        return TrustRemark(
            "no statement allows \(action.rawValue) to the gateway's issuer, and AWS refuses a token with \(what) then",
            remedy: "add \(action.rawValue) to the Action of its statement")
    }
}
