/// Operators that do not do what their reader thinks.
extension LintedRule {
    /// `StringEquals: { event: "pull_request*" }` waits for an event with a star in its name.
    var literalWildcards: [String] {
        condition.tests.compactMap { test in
            guard let like = test.conditionOperator.comparison.likeOperator else { return nil }
            let starred = test.wanted.filter { $0.utf8.contains { "*?".utf8.contains($0) } }
            guard !starred.isEmpty else { return nil }
            return "\(test.conditionOperator) takes * and ? of \(test.path) \(starred.shownAsList) for themselves; "
                + "write \(like) for a pattern"
        }
    }
}

extension LintedAllow {
    /// A token without `custom_properties.tier` meets `StringNotEquals: { custom_properties.tier: low }`.
    var testsMetByAbsence: [String] {
        tokens.tests.filter { $0.isMetByAbsence && guarantees.mayBeAbsent($0.path) && !isRequired($0.path) }.map {
            test in
            "a token without \(test.path) meets \(test.words), and no issuer of this kind has to send it; "
                + "name the values that you want, or add Null: { \(test.path): false }"
        }
    }

    /// Whether another test wants the claim to be there.
    private func isRequired(_ path: ClaimPath) -> Bool {
        tokens.tests.contains { $0.path == path && !$0.isMetByAbsence }
    }
}

extension Comparison {
    /// The operator that reads wildcards, of one that does not.
    fileprivate var likeOperator: Comparison.RawValue? {
        switch self {
        case .stringEquals, .stringEqualsIgnoreCase: Comparison.stringLike.rawValue
        case .stringNotEquals, .stringNotEqualsIgnoreCase: Comparison.stringNotLike.rawValue
        case .stringLike, .stringNotLike, .bool, .numericEquals, .numericNotEquals, .numericLessThan,
            .numericLessThanEquals, .numericGreaterThan, .numericGreaterThanEquals, .dateEquals, .dateNotEquals,
            .dateLessThan, .dateLessThanEquals, .dateGreaterThan, .dateGreaterThanEquals, .null:
            nil
        }
    }
}
