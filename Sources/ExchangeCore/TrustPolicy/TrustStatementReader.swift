import StrictJSON

/// Reads one statement of a trust policy.
struct TrustStatementReader {
    private let object: JSONObject
    private let number: Int
    private let hasVariables: Bool

    /// `number` counts from 1.
    init(_ value: JSONValue, number: Int, hasVariables: Bool) throws(TrustPolicyFault) {
        guard let object = value.object else {
            throw TrustPolicyFault(statement: number, "a statement is an object, but here is \(value.kind)")
        }
        if object["Resource"] != nil || object["NotResource"] != nil {
            throw TrustPolicyFault(
                statement: number,
                "it has a Resource, so it is no trust policy; give the role's AssumeRolePolicyDocument")
        }
        try TrustPolicyReader.check(object, known: Self.known, "statement \(number)")
        self.object = object
        self.number = number
        self.hasVariables = hasVariables
    }

    private static let known = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"]

    func statement() throws(TrustPolicyFault) -> TrustStatement {
        let principals = try oneOf("Principal")
        let actions = try oneOf("Action")
        return TrustStatement(
            number: number, sid: object["Sid"]?.string, effect: try effect(),
            principals: try self.principals(principals.value), excludesPrincipals: principals.isNegated,
            actions: Selection(patterns: try self.actions(actions.value), isExcluding: actions.isNegated),
            conditions: try conditions())
    }

    private func effect() throws(TrustPolicyFault) -> Effect {
        switch object["Effect"]?.string {
        case "Allow": return .allow
        case "Deny": return .deny
        default: throw fault("Effect is Allow or Deny, and case matters")
        }
    }

    private struct Element {
        let value: JSONValue
        let isNegated: Bool
    }

    /// An element or its negation, exactly one of them.
    private func oneOf(_ name: String) throws(TrustPolicyFault) -> Element {
        switch (object[name], object["Not" + name]) {
        case (let value?, nil): return Element(value: value, isNegated: false)
        case (nil, let value?): return Element(value: value, isNegated: true)
        case (_?, _?): throw fault("it has \(name) and Not\(name); IAM takes one of them")
        case (nil, nil): throw fault("it has no \(name), so it is no trust policy that IAM takes")
        }
    }

    private func principals(_ value: JSONValue) throws(TrustPolicyFault) -> [TrustPrincipal] {
        if value.string == "*" { return [.everyone] }
        guard let members = value.object?.members, !members.isEmpty else {
            throw fault("a Principal is \"*\" or an object such as {\"Federated\": \"arn:...\"}")
        }
        var principals: [TrustPrincipal] = []
        for member in members {
            for text in try texts(member.value, "Principal \(member.name.echoed())") {
                guard let principal = TrustPrincipal(kind: member.name, text: text) else {
                    throw fault(
                        "unknown kind of Principal \(member.name.echoed()); IAM knows AWS, Federated, Service, CanonicalUser"
                    )
                }
                principals.append(principal)
            }
        }
        return principals
    }

    private func actions(_ value: JSONValue) throws(TrustPolicyFault) -> [ActionPattern] {
        try texts(value, "Action").map { (text) throws(TrustPolicyFault) in
            do throws(PolicyTextFault) { return try ActionPattern(parsing: text) } catch {
                throw fault("Action \(text.echoed()) \(error.reason)")
            }
        }
    }

    private func conditions() throws(TrustPolicyFault) -> [TrustCondition] {
        guard let value = object["Condition"] else { return [] }
        guard let operators = value.object else { throw fault("Condition is an object, but here is \(value.kind)") }
        var conditions: [TrustCondition] = []
        for member in operators.members {
            guard let spelt = SessionPolicyOperator(spelt: member.name), let keys = member.value.object else {
                throw fault("Condition has \(member.name.echoed()), which is no operator of IAM with an object of keys")
            }
            for key in keys.members {
                let values = try texts(key.value, "\(spelt) \(key.name.echoed())", takesScalars: true)
                conditions.append(
                    TrustCondition(
                        conditionOperator: spelt, key: ConditionKey(text: key.name), values: values,
                        hasVariables: hasVariables))
            }
        }
        return conditions
    }

    /// The texts of a string or an array of strings, at least one.
    private func texts(
        _ value: JSONValue, _ what: String, takesScalars: Bool = false
    ) throws(TrustPolicyFault) -> [String] {
        let values = value.oneOrMany
        guard !values.isEmpty else { throw fault("\(what) is an empty array; name one at least") }
        return try values.map { (value) throws(TrustPolicyFault) in
            if let text = value.string { return text }
            if takesScalars, let text = value.scalarText { return text }
            throw fault("\(what) takes strings, but here is \(value.kind)")
        }
    }

    private func fault(_ message: String) -> TrustPolicyFault { TrustPolicyFault(statement: number, message) }
}

extension JSONValue {
    /// IAM takes `true` and `"true"` for one, and so for numbers.
    fileprivate var scalarText: String? {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.literal
        case .null, .string, .array, .object: nil
        }
    }
}
