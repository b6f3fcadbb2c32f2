/// Who may assume a role, as its trust policy says it. Only the reader makes one.
package struct TrustPolicy: Sendable {
    /// In the order of the document. Never empty.
    let statements: [TrustStatement]

    /// Whether tokens of any OpenID Connect provider are let in, or everyone is.
    package var takesWebIdentities: Bool {
        statements.contains { statement in
            statement.effect == .allow && statement.takes(.assumeRoleWithWebIdentity)
                && statement.principals.contains { $0 == .everyone || $0.provider != nil }
        }
    }
}

/// One statement of a trust policy.
struct TrustStatement: Sendable {
    /// Counted from 1.
    let number: Int
    let sid: String?
    let effect: Effect
    /// Never empty.
    let principals: [TrustPrincipal]
    /// Whether they stand in `NotPrincipal`: all but these.
    let excludesPrincipals: Bool
    let actions: Selection<ActionPattern>
    let conditions: [TrustCondition]

    /// Whether its actions hold this one.
    func takes(_ action: TrustAction) -> Bool {
        let isNamed = actions.patterns.contains { ValuePattern(symbols: $0.symbols).overlaps(action.pattern) }
        return isNamed != actions.isExcluding
    }
}

/// One key of a statement's `Condition` under one operator.
struct TrustCondition: Sendable {
    let conditionOperator: SessionPolicyOperator
    /// As written; AWS takes keys without regard to case.
    let key: ConditionKey
    /// Never empty; `true` and numbers as their texts.
    let values: [String]
    /// Whether `${...}` in a value is a variable.
    let hasVariables: Bool

    /// `StringLike vela.example.com/_services/token:sub`
    var words: String { "\(conditionOperator) \(key.text.shown(upTo: 120))" }
}

/// The actions that decide how a web identity comes in.
enum TrustAction: String, Sendable {
    case assumeRoleWithWebIdentity = "sts:AssumeRoleWithWebIdentity"
    case tagSession = "sts:TagSession"
    case setSourceIdentity = "sts:SetSourceIdentity"

    /// In lower case, as `ActionPattern` has it.
    var pattern: ValuePattern { ValuePattern(literal: rawValue.lowercased()) }
}
