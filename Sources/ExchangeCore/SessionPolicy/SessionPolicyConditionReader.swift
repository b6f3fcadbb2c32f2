import StrictJSON

/// Reads the `Condition` of one statement: operators, keys and values.
struct SessionPolicyConditionReader {
    let place: PolicyPlace

    /// Empty where there is no `Condition`.
    func conditions(of value: JSONValue?) throws(SessionPolicyFault) -> [SessionPolicyCondition] {
        guard let value else { return [] }
        var conditions: [SessionPolicyCondition] = []
        for member in try members(of: value, "Condition") {
            guard let conditionOperator = SessionPolicyOperator(spelt: member.name) else {
                throw place.fault(
                    "Condition has the unknown operator \(member.name.echoed()); write one of IAM's, as in StringEquals"
                )
            }
            conditions += try self.conditions(of: member.value, by: conditionOperator)
        }
        return conditions
    }

    private func members(of value: JSONValue, _ what: String) throws(SessionPolicyFault) -> [JSONObject.Member] {
        guard let members = value.object?.members, !members.isEmpty else {
            let found = value.object == nil ? value.kind : "an empty one"
            throw place.fault(
                "\(what) is an object that is not empty, but here is \(found); leave it out if you want none")
        }
        return members
    }

    /// A key may stand once under an operator, in any case: of two, AWS may pass over the one that we go by.
    private func conditions(
        of value: JSONValue, by conditionOperator: SessionPolicyOperator
    ) throws(SessionPolicyFault) -> [SessionPolicyCondition] {
        var seen: Set<String> = []
        return try members(of: value, "\(conditionOperator)").map { (member) throws(SessionPolicyFault) in
            let key = try key(member.name, by: conditionOperator)
            guard seen.insert(key.folded).inserted else {
                throw place.fault(
                    "\(conditionOperator) has the key \(key.text.echoed()) twice; case does not tell keys apart")
            }
            let values = try values(of: member.value, of: key, by: conditionOperator)
            return SessionPolicyCondition(conditionOperator: conditionOperator, key: key, values: values)
        }
    }

    private func key(_ text: String, by conditionOperator: SessionPolicyOperator) throws(SessionPolicyFault)
        -> ConditionKey
    {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && !"*?${}\"".utf8.contains($0) }
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), isPlain else {
            throw place.fault(
                "\(conditionOperator) has \(text.echoed()), which is no condition key; write one as aws:SourceIp")
        }
        return ConditionKey(text: text)
    }

    private func values(
        of value: JSONValue, of key: ConditionKey, by conditionOperator: SessionPolicyOperator
    ) throws(SessionPolicyFault) -> [PolicyText] {
        let what = "\(conditionOperator) \(key.text.echoed(upTo: 20))"
        let values = value.oneOrMany
        guard !values.isEmpty else { throw place.fault("\(what) is an empty array; write a value at least") }
        return try values.map { (value) throws(SessionPolicyFault) in
            guard let text = value.conditionText else {
                throw place.fault(
                    "\(what) takes strings, booleans and numbers without exponent, but here is \(value.kind)")
            }
            let complaint = "\(what) has the value \(text.echoed(upTo: 20)), which"
            do throws(PolicyTextFault) { return try self.value(text, for: conditionOperator.comparison) } catch {
                throw place.fault("\(complaint) \(error.reason)")
            }
        }
    }

    private func value(_ text: String, for comparison: SessionPolicyComparison) throws(PolicyTextFault) -> PolicyText {
        let value = try PolicyText(parsing: text)
        if let requirement = comparison.requirement, !requirement.isMet(by: text) {
            throw PolicyTextFault(reason: "is not what the operator takes; write \(requirement.words)")
        }
        guard comparison.takesEmpty || !text.isEmpty else {
            throw PolicyTextFault(reason: "is empty; only operators of strings take that")
        }
        guard comparison.takesVariables || !value.holdsVariable else {
            throw PolicyTextFault(reason: "holds a policy variable; only operators of strings and ARNs take them")
        }
        return value
    }
}

extension JSONValue {
    /// The text of a condition's value: IAM takes `true` and `"true"` for one. Nil for what is no single value, and for a
    /// number with an exponent, of which nobody knows how AWS would spell it.
    fileprivate var conditionText: String? {
        switch self {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.literal.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") } ? nil : number.literal
        case .null, .array, .object: nil
        }
    }
}
