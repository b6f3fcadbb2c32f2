/// What a request must have to come in: one of these values under this key.
struct TrustBound: Sendable {
    let key: TrustKey
    /// Never negated.
    let comparison: SessionPolicyComparison
    let values: [String]
    let hasVariables: Bool
    /// Whether another bound would do in its place: a Deny of all who have neither.
    let isAlternative: Bool

    /// By a condition of an Allow. Nil for one that names nothing that a request must have.
    init?(allowing condition: TrustCondition, for provider: OIDCProvider) {
        let comparison = condition.conditionOperator.comparison
        guard comparison.counterpart == nil, comparison != .null else { return nil }
        self.init(condition, comparison, for: provider, isAlternative: false)
    }

    /// By a condition of a Deny: what is denied unless it is so. AWS meets a negated operator where the key is missing, too.
    init?(denyingUnless condition: TrustCondition, for provider: OIDCProvider, isAlternative: Bool) {
        guard let comparison = condition.conditionOperator.comparison.counterpart,
            condition.conditionOperator.quantifier == nil
        else { return nil }
        self.init(condition, comparison, for: provider, isAlternative: isAlternative)
    }

    private init(
        _ condition: TrustCondition, _ comparison: SessionPolicyComparison, for provider: OIDCProvider,
        isAlternative: Bool
    ) {
        key = TrustKey(condition.key, for: provider)
        self.comparison = comparison
        values = condition.values
        hasVariables = condition.hasVariables
        self.isAlternative = isAlternative
    }

    /// The texts that it takes; nil where it does not compare texts.
    var patterns: [ValuePattern]? {
        switch comparison {
        case .stringEquals, .stringEqualsIgnoreCase: values.map(ValuePattern.init(literal:))
        case .stringLike: values.map { ValuePattern(trusted: $0, hasVariables: hasVariables) }
        default: nil
        }
    }
}

extension ValuePattern {
    /// A value of StringLike as AWS reads it. What a variable will be is not known here, so it counts as any text.
    fileprivate init(trusted text: String, hasVariables: Bool) {
        guard hasVariables else {
            self.init(like: text)
            return
        }
        do throws(PolicyTextFault) {
            let symbols = try PolicyText(parsing: text).symbols
            self.init(symbols: symbols.map { if case .variable = $0 { .anything } else { $0 } })
        } catch {
            // No variable after all: its letters stand for themselves.
            self.init(like: text)
        }
    }
}
