import StrictJSON

/// Reads a rule's `condition`: operators, claims and values in IAM's form.
struct ConditionReader {
    let schema: ClaimSchema
    let scope: FaultScope

    /// Nil after a fault. A rule without a condition would take every token of its issuer, or deny it.
    func condition(in rule: MappingReader) -> Condition? {
        let remedy = "say which tokens it is for, as in StringLike: { sub: \"repo:org/name:*\" }"
        guard let node = rule.required("condition", remedy: remedy) else { return nil }
        let tests = entries(of: node, "condition").flatMap(tests(of:))
        guard !tests.isEmpty, tests.allSatisfy(\.constrainsNothing) else {
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
            let known = Comparison.allCases.map(\.rawValue).joined(separator: ", ")
            let form = "with ForAnyValue: or ForAllValues: before it and IfExists after it, but for Null"
            scope.report(
                "unknown operator \(entry.key.quoted); the operators are \(known), \(form)", at: entry.position)
            return []
        }
        return entries(of: entry.value, conditionOperator.description)
            .compactMap { test(of: $0, by: conditionOperator) }
    }

    private func test(of entry: SourceEntry, by conditionOperator: ConditionOperator) -> ClaimTest? {
        let path = schema.claim(entry.key, as: conditionOperator.comparison.type, at: entry.position, scope: scope)
        let values = ConditionValueReader(what: "the value of \(entry.key.quoted)", scope: scope)
        guard let nodes = entry.value.list(values.what, single: true, scope: scope) else { return nil }
        let matcher = values.matcher(of: nodes, by: conditionOperator.comparison)
        guard let path, let matcher else { return nil }
        let wanted = nodes.compactMap { if case .scalar(let text, _) = $0.content { text } else { nil } }
        return ClaimTest(conditionOperator: conditionOperator, path: path, matcher: matcher, wanted: wanted)
    }
}

/// Reads the values of one claim in a condition.
struct ConditionValueReader {
    /// What they are, for the faults.
    let what: String
    let scope: FaultScope

    /// Nil when any value is faulty: a list must not shrink in silence.
    func matcher(of nodes: [SourceNode], by comparison: Comparison) -> ValueMatcher? {
        switch comparison {
        case .stringEquals, .stringNotEquals: all(nodes, read: text).map { .equals(Set($0.map { Array($0.utf8) })) }
        case .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase:
            all(nodes, read: text).map { .equalsIgnoringCase(Set($0.map { $0.utf8.map(\.lowercasedASCII) })) }
        case .stringLike, .stringNotLike: all(nodes, read: text).map { .like($0.map(Wildcard.init)) }
        case .bool: all(nodes) { $0.boolean(what, scope: scope) }.map { .bool(Set($0)) }
        case .null: all(nodes) { $0.boolean(what, scope: scope) }.map { .isNull(Set($0)) }
        case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals, .numericGreaterThan,
            .numericGreaterThanEquals:
            comparison.order.flatMap { order in all(nodes, read: number).map { .numeric(order, $0) } }
        case .dateEquals, .dateNotEquals, .dateLessThan, .dateLessThanEquals, .dateGreaterThan, .dateGreaterThanEquals:
            comparison.order.flatMap { order in all(nodes, read: moment).map { .date(order, $0) } }
        }
    }

    private func all<Value>(_ nodes: [SourceNode], read: (SourceNode) -> Value?) -> [Value]? {
        let values = nodes.compactMap(read)
        return values.count == nodes.count ? values : nil
    }

    private func number(_ node: SourceNode) -> Decimal? {
        guard let text = node.text(what, scope: scope) else { return nil }
        if let number = Decimal(parsing: text) { return number }
        scope.report(
            "\(what) is a number of at most 18 digits and 9 after the point, not \(text.quoted)", at: node.position)
        return nil
    }

    private func moment(_ node: SourceNode) -> Timestamp? {
        guard let text = node.text(what, scope: scope) else { return nil }
        if let moment = Timestamp(policyText: text) { return moment }
        scope.report(
            "\(what) is a date such as 2026-01-02T03:04:05Z or 2026-01-02, or seconds since 1970, not \(text.quoted)",
            at: node.position)
        return nil
    }

    private func text(_ node: SourceNode) -> String? {
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
