/// The allow rules of each issuer, two by two: a request that the first one refuses goes on to the next.
struct RulePairs {
    private let allows: [LintedAllow]

    init(_ allows: [LintedAllow]) { self.allows = allows }

    /// A second rule for the same tokens that takes six hours where the first takes one: who asks for six has them.
    var laxerLaterRules: [LintFinding] {
        later { later, earlier in
            guard earlier.tokens.meets(later.rule.condition), earlier.tokens.contradiction == nil,
                earlier.rule.roles.overlaps(later.rule.roles)
            else { return nil }
            let gains = later.rule.gains(over: earlier.rule)
            guard !gains.isEmpty else { return nil }
            return LintFinding(
                .laxerLaterRule, rule: later.rule.name, at: later.rule.place,
                "every token of rule \(earlier.words) meets this condition too, and what that rule refuses comes here, "
                    + "which gives \(gains.joined(separator: "; ")); bound both alike, or let the conditions exclude each other"
            )
        }
    }

    /// A rule whose every request the one before takes: its reader believes in bounds that do nothing.
    var shadowedRules: [LintFinding] {
        later { later, earlier in
            guard earlier.rule.takesAll(of: later.rule), later.tokens.contradiction == nil,
                later.tokens.meets(earlier.rule.condition)
            else { return nil }
            return LintFinding(
                .shadowedRule, rule: later.rule.name, at: later.rule.place,
                "it is never used: rule \(earlier.words) takes every token and request of it first; "
                    + "remove it, or move it before that rule")
        }
    }

    /// For each rule what `finding` says of it and the first of the rules before it, of the same issuer, of which it says something.
    private func later(_ finding: (_ later: LintedAllow, _ earlier: LintedAllow) -> LintFinding?) -> [LintFinding] {
        var candidates = RuleCandidates()
        return allows.indices.compactMap { index in
            let later = allows[index]
            let earlier = candidates.next(later)
            for other in earlier where allows[other].sharesTokens(with: later) {
                if let finding = finding(later, allows[other]) { return finding }
            }
            return nil
        }
    }
}

extension LintedAllow {
    /// False where the audiences alone tell the rules' tokens apart: one forwards, the other is in issuer mode.
    fileprivate func sharesTokens(with other: LintedAllow) -> Bool {
        guard let own = rule.audiences, let others = other.rule.audiences else { return true }
        return own.contains(where: others.contains)
    }

    fileprivate var words: String { "\(rule.name) (\(rule.place.file):\(rule.place.position.line))" }
}
