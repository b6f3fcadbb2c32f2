/// The two modes side by side.
extension LintedPolicy {
    /// A role that some rule gives by the step's own token must trust the step's issuer, so that a step can go to AWS by itself: what
    /// the rule in issuer mode bounds, it then does not.
    var forwardBesideIssuer: [LintFinding] {
        let minting = MintingRules(allows)
        return allows.filter { $0.rule.federation.mode == .forward }.compactMap { (forwarding) -> LintFinding? in
            guard let other = minting.first(sharing: forwarding.rule.roles) else { return nil }
            return LintFinding(
                .forwardBesideIssuer, rule: forwarding.rule.name, at: forwarding.rule.place,
                "it forwards the step's own token for a role that rule \(other.name) gives in issuer mode, so the role must "
                    + "still trust issuer \(forwarding.issuer.name), and its steps can go past the gateway; end the migration with "
                    + "federation: issuer, and take that issuer out of the role's trust policy")
        }
    }
}

/// The rules in issuer mode, found by their roles: thousands of rules make millions of pairs.
private struct MintingRules {
    private var byRole: [RoleARN: AllowRule] = [:]
    private var withPatterns: [AllowRule] = []

    init(_ allows: [LintedAllow]) {
        for rule in allows.map(\.rule) where rule.federation.mode == .issuer {
            for role in rule.roles.exact where byRole[role] == nil { byRole[role] = rule }
            if !rule.roles.patterns.isEmpty { withPatterns.append(rule) }
        }
    }

    func first(sharing roles: RoleSet) -> AllowRule? {
        if let rule = roles.exact.lazy.sorted(by: { $0.description < $1.description }).compactMap({ byRole[$0] }).first
        {
            return rule
        }
        if let rule = withPatterns.first(where: { $0.roles.overlaps(roles) }) { return rule }
        guard !roles.patterns.isEmpty else { return nil }
        return byRole.values.filter { $0.roles.overlaps(roles) }.min { $0.name < $1.name }
    }
}
