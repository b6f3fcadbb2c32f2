import StrictJSON

/// One statement of a session policy.
package struct SessionPolicyStatement: Sendable {
    /// For sentences only; it is not sent, and two statements may differ in it and be equal.
    package let sid: String?
    package let effect: Effect
    let actions: Selection<ActionPattern>
    let resources: Selection<ResourcePattern>
    let conditions: [SessionPolicyCondition]

    /// The variables in its resources whose lack of a value may void the whole statement.
    var unboundVariables: Set<[UInt8]> { resources.patterns.map(\.source).unboundVariables }

    /// The gateway's own: whatever the role may do.
    static let allowAll = SessionPolicyStatement(
        sid: nil, effect: .allow, actions: Selection(patterns: [.everything], isExcluding: false),
        resources: Selection(patterns: [.everything], isExcluding: false), conditions: [])
}

/// The patterns of `Action`, or of `NotAction`: all but these.
struct Selection<Pattern: Sendable>: Sendable {
    /// Never empty.
    let patterns: [Pattern]
    /// `NotAction`, `NotResource`.
    let isExcluding: Bool
}

/// The values of one key under one operator. They hold when any does; where the operator is negated, when none does.
struct SessionPolicyCondition: Sendable {
    let conditionOperator: SessionPolicyOperator
    let key: ConditionKey
    /// Never empty.
    let values: [PolicyText]

    /// The variables whose lack of a value may void the whole statement.
    var unboundVariables: Set<[UInt8]> { values.unboundVariables }

    /// The values byte by byte: Swift's `==` takes different texts for one.
    var valueSet: Set<[UInt8]> { Set(values.map { Array($0.text.utf8) }) }
}

extension [PolicyText] {
    var unboundVariables: Set<[UInt8]> { reduce(into: []) { $0.formUnion($1.unboundVariables) } }
}

/// The name of a value of AWS's request context, such as `aws:PrincipalTag/Team`.
struct ConditionKey: Sendable {
    let text: String

    /// Whether both surely name one value. Case does not matter before the first slash. After it stands a tag, and a
    /// resource may have two that differ in case, of which AWS does not say which one it takes; a principal has one.
    func isSame(as other: ConditionKey) -> Bool { identity.elementsEqual(other.identity) }

    /// Equal for all keys that somebody could take for one. In upper case first, since some letters have no other pair.
    var folded: String { text.uppercased().lowercased() }

    private var identity: [UInt8] {
        let name = text.utf8.prefix { $0 != UInt8(ascii: "/") }.map(\.lowercased)
        let tag = text.utf8.dropFirst(name.count)
        return name + (name.elementsEqual("aws:principaltag".utf8) ? tag.map(\.lowercased) : Array(tag))
    }
}

extension UInt8 {
    /// In lower case when it is an ASCII letter.
    var lowercased: UInt8 { isLetter ? self | 0x20 : self }
}
