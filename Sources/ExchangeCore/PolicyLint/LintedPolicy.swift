import StrictJSON

/// A policy with what lint knows of its rules.
struct LintedPolicy {
    let policy: PolicySet
    let now: Timestamp
    /// All rules, in the order of the files.
    let rules: [LintedRule]
    /// The allow rules, in the order of the files.
    let allows: [LintedAllow]

    init(_ policy: PolicySet, at now: Timestamp) {
        self.policy = policy
        self.now = now
        let issuers = Dictionary(policy.issuers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let denies = policy.rules.compactMap(\.deny)
        rules = policy.rules.map { LintedRule($0, issuers: policy.issuers) }
        // Every allow names an issuer that is there: the compiler has seen to it.
        allows = policy.rules.compactMap(\.allow).compactMap { rule in
            issuers[rule.issuer].map { LintedAllow(rule, of: $0, among: denies, at: now) }
        }
    }

    var pairs: RulePairs { RulePairs(allows) }
}

/// A rule of either effect.
struct LintedRule {
    let name: String
    let place: RulePlace
    let effect: Effect
    let condition: Condition
    let observedUntil: Timestamp?
    let guarantees: ClaimGuarantees

    init(_ rule: PolicyRule, issuers: [Issuer]) {
        let issuer: String?
        name = rule.name
        switch rule {
        case .allow(let rule):
            (place, effect, condition, observedUntil) = (rule.place, .allow, rule.condition, rule.observedUntil)
            issuer = rule.issuer
        case .deny(let rule):
            (place, effect, condition, observedUntil) = (rule.place, .deny, rule.condition, rule.observedUntil)
            issuer = rule.issuer
        }
        guarantees = ClaimGuarantees(ofAll: issuers.filter { issuer == nil || $0.name == issuer })
    }
}

/// An allow rule with the denies that bind all who come by it.
struct LintedAllow {
    let rule: AllowRule
    let issuer: Issuer
    let guarantees: ClaimGuarantees
    /// Those that meet the rule's condition.
    let tokens: TokenClass
    /// The denies in force that speak of each of its roles in each of its regions.
    private let denies: [DenyRule]

    init(_ rule: AllowRule, of issuer: Issuer, among denies: [DenyRule], at now: Timestamp) {
        self.rule = rule
        self.issuer = issuer
        guarantees = ClaimGuarantees(of: issuer)
        tokens = TokenClass(rule.condition.tests, guarantees: guarantees)
        self.denies = denies.filter { $0.isFor(rule, of: issuer) && !$0.isObserved(at: now) }
    }

    /// Whether a token that also meets `tests` may come by this rule: neither its condition nor a deny surely keeps it out.
    func admits(_ tests: [ClaimTest]) -> Bool {
        let asked = tokens.narrowed(by: tests)
        return asked.contradiction == nil && !denies.contains { asked.meets($0.condition) }
    }

    /// What its tests want of a claim, test by test; a test that every value meets wants nothing.
    func wanted(of claim: String) -> [[ValuePattern]] {
        tokens.tests(of: claim).filter { !$0.constrainsNothing }.compactMap { $0.wanted(guarantees) }
    }
}

extension DenyRule {
    fileprivate func isFor(_ rule: AllowRule, of issuer: Issuer) -> Bool {
        guard self.issuer == nil || self.issuer == issuer.name, roles?.covers(rule.roles) ?? true else { return false }
        return regions.map { !rule.regions.isEmpty && $0.isSuperset(of: rule.regions) } ?? true
    }
}
