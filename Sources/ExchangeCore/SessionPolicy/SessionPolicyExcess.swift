/// The first part of a session policy that is not provably within its ceiling.
package struct SessionPolicyExcess: Sendable, Equatable, CustomStringConvertible {
    /// The statement's number from 1.
    package let statement: Int
    /// The statement, what is too much there and the remedy. It may be shown to the caller.
    package let description: String

    init(place: PolicyPlace, reason: String) {
        statement = place.statement ?? 1
        description = "\(place.words): \(reason)"
    }
}

extension [StatementBounds] {
    /// Says what keeps `action` on `resource` out, by the statement of the ceiling that comes nearest.
    func reason(for action: ActionPattern, at a: Int, on resource: ResourcePattern, at r: Int) -> String {
        let what = "\(action.text.shown(upTo: 40)) on \(resource.text.echoed(upTo: 64))"
        let sentence = "\(what) is not within one statement of the ceiling"
        if let near = first(where: { $0.covers(action: a) && $0.covers(resource: r) }) {
            return "\(sentence); \(near.demand)"
        }
        if let near = first(where: { $0.covers(action: a) }) {
            return "\(sentence); narrow the resource to \(near.ceiling.statement.resources.patterns.list(\.text))"
        }
        if let near = first(where: { $0.covers(resource: r) }) {
            return "\(sentence); narrow the action to \(near.ceiling.statement.actions.patterns.list(\.text))"
        }
        return "\(sentence); it allows nothing of the kind, so leave it out"
    }
}

extension StatementBounds {
    /// What is missing where action and resource are covered.
    fileprivate var demand: String {
        if let brokenCondition { return "add \(brokenCondition.demand)" }
        let variable = missingVariable?.echoed(upTo: 64) ?? "its policy variables"
        return "keep a resource with \(variable), without whose value the ceiling's statement does not count"
    }
}

extension SessionPolicyCondition {
    /// What a request must say to keep this condition.
    fileprivate var demand: String {
        let values = values.list(\.text)
        let name = "the condition \(conditionOperator) \(key.text.echoed(upTo: 64))"
        return switch conditionOperator.comparison.narrowing {
        case .fewerValues:
            unboundVariables.isEmpty
                ? "\(name) with values out of \(values)"
                : "\(name) with values out of \(values), those with a policy variable among them"
        case .moreValues: "\(name) with at least the values \(values)"
        case .sameValues: "\(name) with exactly the values \(values)"
        }
    }
}

extension Array {
    /// The first three texts, for a sentence that must not grow with the ceiling.
    fileprivate func list(_ text: (Element) -> String) -> String {
        prefix(3).map { text($0).echoed(upTo: 64) }.joined(separator: ", ") + (count > 3 ? ", ..." : "")
    }
}
