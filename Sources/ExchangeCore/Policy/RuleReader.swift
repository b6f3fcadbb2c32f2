import StrictJSON

/// Reads the `rules` of all files, once the issuers are known.
struct RuleReader {
    private(set) var rules: [PolicyRule] = []
    /// False when no file so much as tries to hold one.
    private(set) var isAnySeen = false
    private let issuers: IssuerReader
    private let sessionPolicies: NamedSessionPolicies
    private let federation: FederationDefaults
    /// The moment of loading, which `observe` is bounded by.
    private let now: Timestamp
    private var uniqueNames = UniqueNames(of: "a rule named")

    init(
        issuers: IssuerReader, sessionPolicies: NamedSessionPolicies, federation: FederationDefaults, at now: Timestamp
    ) {
        self.issuers = issuers
        self.sessionPolicies = sessionPolicies
        self.federation = federation
        self.now = now
    }

    mutating func read(_ document: PolicyDocument) {
        for node in document.rules {
            isAnySeen = true
            if let rule = rule(node, in: document.scope) { rules.append(rule) }
        }
    }

    static let denyKeys = ["name", "effect", "issuer", "condition", "roles", "regions", "observe"]
    static let allowKeys =
        denyKeys + ["max_duration", "session_name", "session_policy", "one_use"] + FederationReader.keys

    /// Everything is read before anything is given up, so that all faults are reported.
    private mutating func rule(_ node: SourceNode, in scope: FaultScope) -> PolicyRule? {
        let isDeny = node.scalar(of: "effect") == "deny"
        let scope = scope.inRule(node.scalar(of: "name"))
        let (what, keys) = isDeny ? ("a deny rule", Self.denyKeys) : ("a rule", Self.allowKeys)
        guard let reader = MappingReader(node, what: what, keys: keys, scope: scope) else { return nil }
        let effect = reader.effect()
        let issuer = issuer(in: reader, isDeny: isDeny)
        let schema = ClaimSchema(of: issuer, among: issuers.issuers)
        let common = common(of: reader, issuer: issuer, schema: schema, isDeny: isDeny)
        let limits = isDeny ? nil : limits(of: reader, issuer: issuer, schema: schema)
        guard let effect, let common else { return nil }
        switch effect {
        case .deny: return .deny(DenyRule(common))
        case .allow: return limits.flatMap { AllowRule(common, $0) }.map(PolicyRule.allow)
        }
    }

    /// What both kinds of rule have; nil after a fault.
    private mutating func common(
        of reader: MappingReader, issuer: String?, schema: ClaimSchema, isDeny: Bool
    ) -> RuleParts? {
        let name = name(in: reader)
        let condition = ConditionReader(schema: schema, scope: reader.scope).condition(in: reader)
        let bounds = reader.bounds(isDeny: isDeny, schema: schema)
        let observation = reader.observation(at: now)
        guard let name, let condition, let bounds, let observation else { return nil }
        return RuleParts(
            name: name, place: RulePlace(file: reader.scope.file, position: reader.position), issuer: issuer,
            condition: condition, bounds: bounds, observedUntil: observation.until)
    }

    /// What an allow has besides; nil after a fault.
    private func limits(of reader: MappingReader, issuer: String?, schema: ClaimSchema) -> AllowLimits? {
        let maximumDuration = reader.maximumDuration()
        let sessionName = reader["session_name"].flatMap {
            SessionNameTemplate.parse($0, schema: schema, scope: reader.scope)
        }
        let terms = SessionPolicyTermsReader(policies: sessionPolicies, scope: reader.scope).terms(in: reader)
        // The rule's own fronts win; what the issuer says cannot be undone.
        let oneUse = reader.oneUse() ?? issuer.flatMap { issuers.oneUse[$0] }
        let federation = FederationReader(
            defaults: federation, issuer: issuer ?? "", schema: schema, rule: reader
        ).terms()
        guard let maximumDuration, let terms, let federation else { return nil }
        return AllowLimits(
            maximumDuration: maximumDuration, sessionName: sessionName, sessionPolicy: terms, oneUse: oneUse,
            federation: federation)
    }

    private mutating func name(in reader: MappingReader) -> String? {
        guard let node = reader.required("name", remedy: "give it one: it is in the answer and the audit"),
            let name = node.name("a rule's name", scope: reader.scope)
        else { return nil }
        uniqueNames.note(name, at: node.position, scope: reader.scope)
        return name
    }

    /// Required in an allow; a deny without one binds the tokens of all issuers.
    private func issuer(in reader: MappingReader, isDeny: Bool) -> String? {
        let remedy = "name the issuer whose tokens it takes"
        guard let node = isDeny ? reader["issuer"] : reader.required("issuer", remedy: remedy) else { return nil }
        guard let name = node.text("issuer", scope: reader.scope) else { return nil }
        if issuers.names.contains(name) { return name }
        let known = issuers.names.sorted().joined(separator: ", ")
        let choice = known.isEmpty ? "no file names any" : "the issuers are \(known)"
        reader.scope.report("there is no issuer \(name.quoted); \(choice)", at: node.position)
        return nil
    }
}

/// The parts that allow and deny rules share.
private struct RuleParts {
    let name: String
    let place: RulePlace
    let issuer: String?
    let condition: Condition
    let bounds: RuleBounds
    let observedUntil: Timestamp?
}

/// The parts that only an allow has.
private struct AllowLimits {
    let maximumDuration: Duration
    let sessionName: SessionNameTemplate?
    let sessionPolicy: SessionPolicyTerms
    let oneUse: OneUse?
    let federation: FederationTerms
}

extension DenyRule {
    fileprivate init(_ parts: RuleParts) {
        self.init(
            name: parts.name, place: parts.place, issuer: parts.issuer, condition: parts.condition,
            roles: parts.bounds.roles, regions: parts.bounds.regions.map(Set.init), observedUntil: parts.observedUntil)
    }
}

extension AllowRule {
    /// Nil after a fault in issuer or roles.
    fileprivate init?(_ parts: RuleParts, _ limits: AllowLimits) {
        guard let issuer = parts.issuer, let roles = parts.bounds.roles else { return nil }
        self.init(
            name: parts.name, place: parts.place, issuer: issuer, condition: parts.condition, roles: roles,
            regions: parts.bounds.regions ?? [], maximumDuration: limits.maximumDuration,
            sessionName: limits.sessionName, sessionPolicy: limits.sessionPolicy, oneUse: limits.oneUse,
            federation: limits.federation, audiences: nil, observedUntil: parts.observedUntil)
    }
}
