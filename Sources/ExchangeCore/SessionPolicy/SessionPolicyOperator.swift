import StrictJSON

/// A condition operator as a session policy writes it: `ForAnyValue:StringLikeIfExists`.
struct SessionPolicyOperator: Sendable, Hashable {
    /// `ForAnyValue:` and `ForAllValues:`.
    enum Quantifier: String, Sendable, CaseIterable {
        case any = "ForAnyValue:"
        case all = "ForAllValues:"
    }

    let quantifier: Quantifier?
    let comparison: SessionPolicyComparison
    let isIfExists: Bool

    /// IAM's spelling, letter by letter; nil for what IAM does not know, such as `NullIfExists`.
    init?(spelt text: String) {
        let quantifier = Quantifier.allCases.first { text.hasPrefix($0.rawValue) }
        let rest = text.dropFirst(quantifier?.rawValue.count ?? 0)
        let isIfExists = rest.hasSuffix(Self.ifExists)
        let name = isIfExists ? rest.dropLast(Self.ifExists.count) : rest
        guard let comparison = SessionPolicyComparison(rawValue: String(name)) else { return nil }
        guard comparison != .null || quantifier == nil && !isIfExists else { return nil }
        self.quantifier = quantifier
        self.comparison = comparison
        self.isIfExists = isIfExists
        guard description.hasSameBytes(as: text) else { return nil }
    }

    private static let ifExists = "IfExists"
}

extension SessionPolicyOperator: CustomStringConvertible {
    var description: String {
        (quantifier?.rawValue ?? "") + comparison.rawValue + (isIfExists ? Self.ifExists : "")
    }
}

/// IAM's condition operators without prefix and suffix. The raw value is IAM's spelling.
enum SessionPolicyComparison: String, Sendable, CaseIterable {
    case stringEquals = "StringEquals"
    case stringNotEquals = "StringNotEquals"
    case stringEqualsIgnoreCase = "StringEqualsIgnoreCase"
    case stringNotEqualsIgnoreCase = "StringNotEqualsIgnoreCase"
    case stringLike = "StringLike"
    case stringNotLike = "StringNotLike"
    case numericEquals = "NumericEquals"
    case numericNotEquals = "NumericNotEquals"
    case numericLessThan = "NumericLessThan"
    case numericLessThanEquals = "NumericLessThanEquals"
    case numericGreaterThan = "NumericGreaterThan"
    case numericGreaterThanEquals = "NumericGreaterThanEquals"
    case dateEquals = "DateEquals"
    case dateNotEquals = "DateNotEquals"
    case dateLessThan = "DateLessThan"
    case dateLessThanEquals = "DateLessThanEquals"
    case dateGreaterThan = "DateGreaterThan"
    case dateGreaterThanEquals = "DateGreaterThanEquals"
    case bool = "Bool"
    case binaryEquals = "BinaryEquals"
    case ipAddress = "IpAddress"
    case notIpAddress = "NotIpAddress"
    case arnEquals = "ArnEquals"
    case arnLike = "ArnLike"
    case arnNotEquals = "ArnNotEquals"
    case arnNotLike = "ArnNotLike"
    case null = "Null"
}

extension SessionPolicyComparison {
    /// How the values of a narrower condition stand to those of a wider one.
    enum Narrowing {
        /// The values are alternatives: fewer let less through.
        case fewerValues
        /// Each value is excluded: more let less through.
        case moreValues
        /// Order or several values make it too subtle: the same ones only.
        case sameValues
    }

    var narrowing: Narrowing {
        switch self {
        case .stringEquals, .stringEqualsIgnoreCase, .stringLike, .arnEquals, .arnLike, .binaryEquals: .fewerValues
        case .stringNotEquals, .stringNotEqualsIgnoreCase, .stringNotLike, .arnNotEquals, .arnNotLike: .moreValues
        case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals, .numericGreaterThan,
            .numericGreaterThanEquals, .dateEquals, .dateNotEquals, .dateLessThan, .dateLessThanEquals,
            .dateGreaterThan, .dateGreaterThanEquals, .bool, .ipAddress, .notIpAddress, .null:
            .sameValues
        }
    }

    /// IAM fills in policy variables for texts and ARNs alone.
    var takesVariables: Bool { narrowing != .sameValues && self != .binaryEquals }

    /// An empty text is a value like another: `s3:prefix` is empty at the top of a bucket.
    var takesEmpty: Bool { rawValue.hasPrefix("String") }

    /// What a value must be; nil for those that AWS is left to judge.
    var requirement: ValueRequirement? {
        switch self {
        case .bool, .null: .boolean
        case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals, .numericGreaterThan,
            .numericGreaterThanEquals:
            .number
        default: nil
        }
    }
}

/// The shape that an operator wants of its values.
enum ValueRequirement {
    case boolean
    case number

    func isMet(by text: String) -> Bool {
        switch self {
        case .boolean: ["true", "false"].contains(text.lowercased())
        case .number: Self.isDecimal(text)
        }
    }

    var words: String {
        switch self {
        case .boolean: "true or false"
        case .number: "a number, as in 15 or -0.5"
        }
    }

    private static func isDecimal(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }
    }
}
