/// One statement of a ceiling, made ready for proofs.
struct CeilingStatement: Sendable {
    let statement: SessionPolicyStatement
    private let actions: [PatternCover]
    private let resources: [ResourceCover]

    init(_ statement: SessionPolicyStatement, at place: PolicyPlace) throws(SessionPolicyFault) {
        guard statement.effect == .allow else {
            throw place.unsuitable("a ceiling holds Allow statements only; put a Deny into an always")
        }
        for resource in statement.resources.patterns {
            guard let doubt = resource.doubt else { continue }
            throw place.unsuitable("Resource \(resource.text.echoed()) \(doubt)")
        }
        self.statement = statement
        actions = statement.actions.patterns.map { PatternCover($0.symbols, reading: .anywhere) }
        resources = statement.resources.patterns.map(ResourceCover.init)
    }

    func covers(_ action: ActionPattern) -> Bool { actions.contains { $0.covers(action.symbols) } }
    func covers(_ resource: ResourcePattern) -> Bool { resources.contains { $0.covers(resource) } }

    /// The first condition that does not stand in the request's statement as strictly; nil when all do.
    func brokenCondition(in request: [SessionPolicyCondition]) -> SessionPolicyCondition? {
        statement.conditions.first { ours in !request.contains { ours.isKept(by: $0) } }
    }

    /// A variable of the resources that the request does not have; nil when it has all.
    ///
    /// AWS passes over a statement in which a variable has no value. A request that takes only resources without the
    /// variable would then outlive its ceiling, so it must have the same variables, to be passed over as well.
    func missingVariable(in request: SessionPolicyStatement) -> String? {
        statement.unboundVariables.subtracting(request.unboundVariables).map { String(decoding: $0, as: UTF8.self) }
            .min()
    }
}

/// A resource of a ceiling, made ready for proofs.
private struct ResourceCover: Sendable {
    private let coversEverything: Bool
    private let whole: PatternCover
    private let segments: [PatternCover]

    /// Over the whole text the reading within parts is enough: how it cuts a pattern up is sound where wildcards reach
    /// anywhere, too.
    init(_ pattern: ResourcePattern) {
        coversEverything = pattern.isEverything
        whole = PatternCover(pattern.symbols, reading: .withinParts)
        segments = pattern.segments.map { PatternCover($0, reading: .anywhere) }
    }

    /// AWS does not say whether it compares whole ARNs or their segments, so all readings must agree.
    func covers(_ pattern: ResourcePattern) -> Bool {
        if coversEverything { return true }
        guard segments.count == pattern.segments.count, whole.covers(pattern.symbols) else { return false }
        return zip(segments, pattern.segments).allSatisfy { $0.covers($1) }
    }
}

extension SessionPolicyCondition {
    /// Whether `other` lets through nothing that this one does not.
    fileprivate func isKept(by other: SessionPolicyCondition) -> Bool {
        guard conditionOperator == other.conditionOperator, key.isSame(as: other.key),
            unboundVariables.isSubset(of: other.unboundVariables)
        else { return false }
        return switch conditionOperator.comparison.narrowing {
        case .fewerValues: other.valueSet.isSubset(of: valueSet)
        case .moreValues: other.valueSet.isSuperset(of: valueSet)
        case .sameValues: other.valueSet == valueSet
        }
    }
}
