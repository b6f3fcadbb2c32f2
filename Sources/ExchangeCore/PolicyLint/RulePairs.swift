/// The allow rules of each issuer, two by two: a request that the first one refuses goes on to the next.
struct RulePairs {
    private let allows: [LintedAllow]
    /// Of each rule, the only repositories that it takes; nil where there may be others, and for other issuers than Vela.
    private let repositories: [Set<String>?]

    init(_ allows: [LintedAllow]) {
        self.allows = allows
        repositories = allows.map { $0.guarantees.isVela ? VelaSubject.repositories(of: $0.tokens) : nil }
    }

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
            let earlier = candidates.before(index, sharing: later.rule)
            candidates.add(later.rule, at: index)
            for other in earlier where mayShareTokens(index, other) {
                if let finding = finding(later, allows[other]) { return finding }
            }
            return nil
        }
    }

    /// A quick look, before two conditions are compared.
    private func mayShareTokens(_ one: Int, _ other: Int) -> Bool {
        guard let ours = repositories[one], let theirs = repositories[other] else { return true }
        return !ours.isDisjoint(with: theirs)
    }
}

/// Finds, of many rules, those that may share a role: thousands of rules make millions of pairs.
private struct RuleCandidates {
    private var byRole: [Key: [Int]] = [:]
    private var withPatterns: [String: [Int]] = [:]
    private var all: [String: [Int]] = [:]

    private struct Key: Hashable {
        let issuer: String
        let role: RoleARN
    }

    mutating func add(_ rule: AllowRule, at index: Int) {
        for role in rule.roles.exact { byRole[Key(issuer: rule.issuer, role: role), default: []].append(index) }
        if !rule.roles.patterns.isEmpty { withPatterns[rule.issuer, default: []].append(index) }
        all[rule.issuer, default: []].append(index)
    }

    /// In the order of the files.
    func before(_ index: Int, sharing rule: AllowRule) -> [Int] {
        guard rule.roles.patterns.isEmpty else { return all[rule.issuer, default: []] }
        let sharing = rule.roles.exact.flatMap { byRole[Key(issuer: rule.issuer, role: $0), default: []] }
        return Set(sharing + withPatterns[rule.issuer, default: []]).sorted()
    }
}

extension LintedAllow {
    fileprivate var words: String { "\(rule.name) (\(rule.place.file):\(rule.place.position.line))" }
}
