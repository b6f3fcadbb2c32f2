/// One of IAM's condition operators as it is spelt in a policy, such as `ForAnyValue:StringLikeIfExists`.
struct ConditionOperator: Sendable, Hashable, CustomStringConvertible {
    let comparison: Comparison
    /// Nil for a plain operator.
    let quantifier: Quantifier?
    /// An absent claim meets it.
    let isIfExists: Bool

    /// How a claim of several values counts. The raw value is IAM's spelling.
    enum Quantifier: String, Sendable, CaseIterable {
        case forAnyValue = "ForAnyValue:"
        case forAllValues = "ForAllValues:"
    }

    /// The spelling is IAM's, letter by letter. Nil for an unknown operator, and for `Null` with a prefix or a suffix: IAM
    /// has no such thing.
    init?(spelt text: String) {
        quantifier = Quantifier.allCases.first { text.hasPrefix($0.rawValue) }
        let rest = text.dropFirst(quantifier?.rawValue.count ?? 0)
        isIfExists = rest.hasSuffix(Self.suffix)
        let name = isIfExists ? rest.dropLast(Self.suffix.count) : rest
        guard let comparison = Comparison.allCases.first(where: { name.utf8.elementsEqual($0.rawValue.utf8) }) else {
            return nil
        }
        guard comparison != .null || (quantifier == nil && !isIfExists) else { return nil }
        self.comparison = comparison
    }

    var description: String {
        (quantifier?.rawValue ?? "") + comparison.rawValue + (isIfExists ? Self.suffix : "")
    }

    private static let suffix = "IfExists"
}

/// The types that claims and operators may have.
enum ClaimType: Sendable {
    case text
    /// A text of digits.
    case digits
    case boolean
    case number
    /// A point in time: seconds since 1970 or a text of RFC 3339.
    case moment
    case object
    /// As a claim: depends on what the repository's owners wrote. As an operator: it does not look at the value.
    case any
}
