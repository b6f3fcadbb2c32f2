package import StrictJSON

/// What one rule says, in short and in the words of its file: for people who look at a running gateway. Nothing is decided by it.
package struct RuleSummary: Sendable, Equatable {
    package let name: String
    package let effect: Effect
    /// Nil for a deny that binds the tokens of every issuer.
    package let issuer: String?
    package let file: String
    package let line: Int
    /// All of them must be met.
    package let conditions: [ConditionSummary]
    /// ARNs and patterns as written, sorted. Empty for a deny of every role.
    package let roles: [String]
    /// Empty where the rule leaves the region free.
    package let regions: [String]
    /// Nil for a deny.
    package let maximumDuration: Duration?
    /// The template as written; nil where the caller names the session, and for a deny.
    package let sessionName: String?
    /// How its grants go to AWS; nil for a deny.
    package let federation: FederationSummary?
    /// Nil for a deny.
    package let sessionPolicy: SessionPolicySummary?
    /// The fronts that take a token, each of them once; empty where tokens count as often as they come.
    package let oneUseFronts: [String]
    /// Until when it is only watched; nil for a rule that was never under observation. It may lie in the past.
    package let observedUntil: Timestamp?
}

/// One test of a condition.
package struct ConditionSummary: Sendable, Equatable {
    package let conditionOperator: String
    package let claim: String
    /// One of them has to fit.
    package let wanted: [String]
}

/// How a rule's grants go to AWS, in the words of its file.
package struct FederationSummary: Sendable, Equatable {
    package let mode: FederationMode
    /// The audiences that a token must have for this rule; empty where any of its issuer's will do.
    package let audiences: [String]
    /// What a token of the gateway's own says, templates as written, by the policy's keys: `subject`, `audience`, `tags.Repo`,
    /// `source_identity`, `pin_role`. Empty in forward mode.
    package let templates: [NamedText]

    package struct NamedText: Sendable, Equatable {
        package let name: String
        package let text: String
    }
}

/// What bounds the sessions of a rule.
package struct SessionPolicySummary: Sendable, Equatable {
    /// Those that a caller may ask for by name, sorted.
    package let named: [String]
    package let hasDefault: Bool
    package let hasCeiling: Bool
    /// Those that are added to every session, sorted.
    package let always: [String]
    /// ARNs that a caller may choose from.
    package let managed: [String]
}

extension PolicySet {
    /// All rules in the order of the files.
    package var ruleSummaries: [RuleSummary] {
        rules.map { rule in
            switch rule {
            case .allow(let rule): RuleSummary(rule)
            case .deny(let rule): RuleSummary(rule)
            }
        }
    }
}

extension RuleSummary {
    fileprivate init(_ rule: AllowRule) {
        self.init(
            name: rule.name, effect: .allow, issuer: rule.issuer, file: rule.place.file,
            line: rule.place.position.line, conditions: rule.condition.summaries, roles: rule.roles.texts,
            regions: rule.regions.map(\.description), maximumDuration: rule.maximumDuration,
            sessionName: rule.sessionName?.text, federation: FederationSummary(rule),
            sessionPolicy: SessionPolicySummary(rule.sessionPolicy),
            oneUseFronts: (rule.oneUse?.fronts ?? []).map(\.rawValue).sorted(), observedUntil: rule.observedUntil)
    }

    fileprivate init(_ rule: DenyRule) {
        self.init(
            name: rule.name, effect: .deny, issuer: rule.issuer, file: rule.place.file,
            line: rule.place.position.line, conditions: rule.condition.summaries, roles: rule.roles?.texts ?? [],
            regions: (rule.regions ?? []).map(\.description).sorted(), maximumDuration: nil, sessionName: nil,
            federation: nil, sessionPolicy: nil, oneUseFronts: [], observedUntil: rule.observedUntil)
    }
}

extension FederationSummary {
    fileprivate init(_ rule: AllowRule) {
        self.init(
            mode: rule.federation.mode, audiences: rule.audiences ?? [],
            templates: rule.federation.templates?.texts ?? [])
    }
}

extension FederationTemplates {
    fileprivate var texts: [FederationSummary.NamedText] {
        var texts = [("subject", subject?.text ?? ""), ("audience", audience)]
        texts += tags.map { ("tags.\($0.key)", $0.isTransitive ? $0.value.text + " (transitive)" : $0.value.text) }
        if let sourceIdentity { texts.append(("source_identity", sourceIdentity.text)) }
        if pinsRole { texts.append(("pin_role", "true")) }
        return texts.map(FederationSummary.NamedText.init)
    }
}

extension SessionPolicySummary {
    fileprivate init(_ terms: SessionPolicyTerms) {
        self.init(
            named: terms.named.keys.sorted(), hasDefault: terms.standard != nil, hasCeiling: terms.ceiling != nil,
            always: terms.alwaysNames.sorted(), managed: terms.managed.map(\.description))
    }
}

extension Condition {
    fileprivate var summaries: [ConditionSummary] {
        tests.map {
            ConditionSummary(
                conditionOperator: $0.conditionOperator.description, claim: $0.path.description, wanted: $0.wanted)
        }
    }
}

extension RoleSet {
    /// As written, sorted.
    var texts: [String] { (exact.map(\.description) + patterns.map(\.description)).sorted() }
}
