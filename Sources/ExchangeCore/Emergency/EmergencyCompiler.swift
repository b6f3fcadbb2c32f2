import Crypto
import StrictJSON

/// Makes an emergency deny of one document, or says everything that is wrong with it. It asks nothing of the policy: a name or a claim
/// that is not there is no fault, see `EmergencyDeny.doubts`.
package enum EmergencyCompiler {
    /// - Throws: every fault at once. Whoever cannot compile a document must deny everything: it was meant to stop something.
    package static func compile(_ source: PolicySource) throws(PolicyFaults) -> EmergencyDeny {
        let log = FaultLog()
        let scope = FaultScope(file: source.file, log: log)
        let document = MappingReader(
            source.root, what: "an emergency document", keys: ["version", "deny", "rules"], scope: scope)
        let deny = document.map { read($0) }
        guard log.faults.isEmpty, let deny else { throw PolicyFaults(log.faults) }
        return EmergencyDeny(
            digest: SHA256.hash(data: source.bytes).lowercaseHex, deniesAll: deny.deniesAll, rules: deny.rules)
    }

    private struct Content {
        let deniesAll: Bool
        let rules: [DenyRule]
    }

    private static func read(_ document: MappingReader) -> Content {
        let scope = document.scope
        if let version = document.required("version", remedy: "begin it with version: 1") {
            let text = version.text("version", scope: scope)
            if let text, text != "1" {
                scope.report("version is \(text.quoted); this gateway reads 1", at: version.position)
            }
        }
        if document["deny"] == nil, document["rules"] == nil {
            scope.report("it says nothing; write deny: all, or rules: with a list, or rules: [] for none", at: nil)
        }
        return Content(deniesAll: deniesAll(document), rules: rules(document))
    }

    /// `deny` can only say `all`: whatever else it says, somebody wants something stopped.
    private static func deniesAll(_ document: MappingReader) -> Bool {
        guard let node = document["deny"] else { return false }
        guard let text = node.text("deny", scope: document.scope) else { return true }
        if !text.hasSameBytes(as: EmergencyDeny.all) {
            document.scope.report(
                "deny can only be all, not \(text.quoted); for less write rules:", at: node.position)
        }
        return true
    }

    private static func rules(_ document: MappingReader) -> [DenyRule] {
        guard let node = document["rules"] else { return [] }
        if case .sequence(let nodes) = node.content, nodes.isEmpty { return [] }
        var reader = EmergencyRuleReader()
        return (node.list("rules", scope: document.scope) ?? []).compactMap { reader.rule($0, in: document.scope) }
    }
}

/// Reads the rules of an emergency document: a policy's deny rules, but that a rule for an issuer or for roles needs no condition,
/// and nothing is only observed.
private struct EmergencyRuleReader {
    private var names = UniqueNames(of: "a rule named")
    /// Without issuers every claim may be named.
    private let schema = ClaimSchema(of: nil, among: [])
    private static let keys = ["name", "effect", "issuer", "condition", "roles", "regions"]

    /// Nil after a fault. Everything is read before anything is given up, so that all faults are reported.
    mutating func rule(_ node: SourceNode, in scope: FaultScope) -> DenyRule? {
        let scope = scope.inRule(node.scalar(of: "name"))
        guard let reader = MappingReader(node, what: "an emergency rule", keys: Self.keys, scope: scope) else {
            return nil
        }
        checkEffect(reader)
        let name = name(in: reader)
        let issuer = reader["issuer"].map { $0.text("issuer", scope: scope) }
        let condition = condition(in: reader)
        let bounds = reader.bounds(isDeny: true, schema: schema)
        guard let name, let condition, let bounds else { return nil }
        return DenyRule(
            name: name, place: RulePlace(file: scope.file, position: reader.position), issuer: issuer ?? nil,
            condition: condition, roles: bounds.roles, regions: bounds.regions.map(Set.init), observedUntil: nil)
    }

    /// May be written, so that a rule can be copied from a policy.
    private func checkEffect(_ reader: MappingReader) {
        guard let node = reader["effect"], reader.effect() == .allow else { return }
        reader.scope.report("an emergency rule can only deny; write effect: deny, or leave it out", at: node.position)
    }

    private mutating func name(in reader: MappingReader) -> String? {
        guard let node = reader.required("name", remedy: "give it one: it is in the audit"),
            let name = node.name("a rule's name", scope: reader.scope)
        else { return nil }
        guard !name.hasSameBytes(as: EmergencyDeny.all) else {
            reader.scope.report("a rule cannot be called all: that is what deny: all is called", at: node.position)
            return nil
        }
        names.note(name, at: node.position, scope: reader.scope)
        return name
    }

    /// Needed where nothing else says whom the rule is for.
    private func condition(in reader: MappingReader) -> Condition? {
        if reader["condition"] != nil {
            return ConditionReader(schema: schema, scope: reader.scope).condition(in: reader)
        }
        if reader["issuer"] != nil || reader["roles"] != nil { return Condition(tests: []) }
        reader.scope.report(
            "it names neither condition, issuer nor roles, so it would deny everybody; write deny: all for that",
            at: reader.position)
        return nil
    }
}
