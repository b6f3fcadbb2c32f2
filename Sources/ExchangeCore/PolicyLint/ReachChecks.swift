/// Rules that do nothing.
extension LintedAllow {
    /// `StringEquals: { event: push }` beside `sub: "...:event:tag"` takes nobody: the grant that was meant is missing.
    var contradictions: [String] {
        guard let contradiction = tokens.contradiction else { return [] }
        return ["no token meets its condition: \(contradiction); correct one of the tests, or remove the rule"]
    }
}

extension LintedPolicy {
    /// A deny that binds nobody is a door that was meant to be closed.
    var idleDenies: [LintFinding] {
        policy.rules.compactMap(\.deny).compactMap { deny in
            reasonIdle(deny).map { LintFinding(.idleDeny, rule: deny.name, at: deny.place, $0) }
        }
    }

    private func reasonIdle(_ deny: DenyRule) -> String? {
        let issuers = policy.issuers.filter { deny.issuer == nil || deny.issuer == $0.name }
        let tokens = TokenClass(
            deny.condition.tests, guarantees: ClaimGuarantees(ofAll: issuers), effect: .deny)
        if let contradiction = tokens.contradiction {
            return "it binds nobody: \(contradiction); correct one of the tests"
        }
        let bound = allows.filter { deny.issuer == nil || deny.issuer == $0.issuer.name }
        guard let roles = deny.roles, !bound.isEmpty, !bound.contains(where: { $0.rule.roles.overlaps(roles) }) else {
            return nil
        }
        let names = roles.exact.map(\.description).sorted() + roles.patterns.map(\.description)
        return "it binds nobody: no allow rule gives \(names.shownAsList); correct the roles, or leave them out"
    }
}
