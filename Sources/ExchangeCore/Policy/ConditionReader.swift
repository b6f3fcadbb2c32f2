/// Reads a rule's `condition`: operators, claims and values in IAM's form.
struct ConditionReader {
    let schema: ClaimSchema
    let scope: FaultScope

    /// Nil after a fault. A rule without a condition would take every token of its issuer, or deny it.
    func condition(in rule: MappingReader) -> Condition? {
        let remedy = "say which tokens it is for, as in StringLike: { sub: \"repo:org/name:*\" }"
        guard let node = rule.required("condition", remedy: remedy) else { return nil }
        let tests = entries(of: node, "condition").flatMap(tests(of:))
        guard !tests.isEmpty, tests.allSatisfy(\.matcher.constrainsNothing) else {
            return tests.isEmpty ? nil : Condition(tests: tests)
        }
        scope.report("the condition is met by every token; \(remedy)", at: node.position)
        return nil
    }

    private func entries(of node: SourceNode, _ what: String) -> [SourceEntry] {
        guard case .mapping(let entries) = node.content, !entries.isEmpty else {
            scope.report("\(what) is a mapping that is not empty, but here is \(node.kind)", at: node.position)
            return []
        }
        reportRepeatedKeys(in: entries, scope: scope)
        return entries
    }

    private func tests(of entry: SourceEntry) -> [ClaimTest] {
        guard let conditionOperator = ConditionOperator(spelt: entry.key) else {
            let known = ConditionOperator.allCases.map(\.rawValue).joined(separator: ", ")
            scope.report("unknown operator \(entry.key.quoted); this version knows \(known)", at: entry.position)
            return []
        }
        return entries(of: entry.value, conditionOperator.rawValue).compactMap { test(of: $0, by: conditionOperator) }
    }

    private func test(of entry: SourceEntry, by conditionOperator: ConditionOperator) -> ClaimTest? {
        let path = schema.claim(entry.key, as: conditionOperator.type, at: entry.position, scope: scope)
        let what = "the value of \(entry.key.quoted)"
        guard let nodes = entry.value.list(what, single: true, scope: scope) else { return nil }
        let matcher = matcher(of: nodes, what, by: conditionOperator)
        guard let path, let matcher else { return nil }
        return ClaimTest(conditionOperator: conditionOperator, path: path, matcher: matcher)
    }

    /// Nil when any value is faulty: a list must not shrink in silence.
    private func matcher(of nodes: [SourceNode], _ what: String, by conditionOperator: ConditionOperator)
        -> ValueMatcher?
    {
        switch conditionOperator {
        case .stringEquals: all(nodes) { text($0, what) }.map { .equals(Set($0.map { Array($0.utf8) })) }
        case .stringLike: all(nodes) { text($0, what) }.map { .like($0.map(Wildcard.init)) }
        case .bool: all(nodes) { $0.boolean(what, scope: scope) }.map { .bool(Set($0)) }
        }
    }

    private func all<Value>(_ nodes: [SourceNode], read: (SourceNode) -> Value?) -> [Value]? {
        let values = nodes.compactMap(read)
        return values.count == nodes.count ? values : nil
    }

    private func text(_ node: SourceNode, _ what: String) -> String? {
        guard let text = node.text(what, scope: scope) else { return nil }
        if Self.holdsVariable(text) {
            scope.report(
                "\(what) holds ${, but policy variables are not filled in here; write the value", at: node.position)
            return nil
        }
        guard text.utf8.count <= Self.longestValue else {
            scope.report("\(what) is longer than \(Self.longestValue) bytes", at: node.position)
            return nil
        }
        return text
    }

    private static func holdsVariable(_ text: String) -> Bool {
        zip(text.utf8, text.utf8.dropFirst()).contains { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }
    }

    /// Bounds what one pattern can cost against a claim; the longest `sub` that Vela makes is shorter.
    private static let longestValue = 2048
}
