/// Reads the `rules` of all files, once the issuers are known.
struct RuleReader {
    private(set) var rules: [PolicyRule] = []
    /// False when no file so much as tries to hold one.
    private(set) var isAnySeen = false
    private let issuers: IssuerReader
    private var uniqueNames = UniqueNames(of: "a rule named")

    init(issuers: IssuerReader) { self.issuers = issuers }

    mutating func read(_ document: PolicyDocument) {
        for node in document.rules {
            isAnySeen = true
            if let rule = rule(node, in: document.scope) { rules.append(rule) }
        }
    }

    private static let denyKeys = ["name", "effect", "issuer", "condition", "roles", "regions"]
    private static let allowKeys = denyKeys + ["max_duration", "session_name"]
    private static let laterKeys = ["session_policy", "observe", "one_use", "source_identity"]

    /// Everything is read before anything is given up, so that all faults are reported.
    private mutating func rule(_ node: SourceNode, in scope: FaultScope) -> PolicyRule? {
        let isDeny = node.scalar(of: "effect") == "deny"
        let scope = scope.inRule(node.scalar(of: "name"))
        let (what, keys) = isDeny ? ("a deny rule", Self.denyKeys) : ("a rule", Self.allowKeys)
        guard let reader = MappingReader(node, what: what, keys: keys, later: Self.laterKeys, scope: scope) else {
            return nil
        }
        let effect = reader.effect()
        let name = name(in: reader)
        let issuer = issuer(in: reader, isDeny: isDeny)
        let schema = ClaimSchema(of: issuer, among: issuers.issuers)
        let condition = ConditionReader(schema: schema, scope: scope).condition(in: reader)
        let bounds = reader.bounds(isDeny: isDeny)
        let maximumDuration = reader.maximumDuration()
        let sessionName = reader["session_name"].flatMap { SessionNameTemplate.parse($0, schema: schema, scope: scope) }
        guard let effect, let name, let condition, let bounds else { return nil }
        switch effect {
        case .deny:
            return .deny(
                DenyRule(
                    name: name, issuer: issuer, condition: condition, roles: bounds.roles.map(Set.init),
                    regions: bounds.regions.map(Set.init)))
        case .allow:
            guard let issuer, let maximumDuration else { return nil }
            return .allow(
                AllowRule(
                    name: name, issuer: issuer, condition: condition, roles: Set(bounds.roles ?? []),
                    regions: bounds.regions ?? [], maximumDuration: maximumDuration, sessionName: sessionName))
        }
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
