import StrictJSON

/// IAM's condition operators, as far as this version knows them. The raw value is IAM's spelling.
enum ConditionOperator: String, Sendable, CaseIterable {
    case stringEquals = "StringEquals"
    case stringLike = "StringLike"
    case bool = "Bool"

    /// The spelling is IAM's, letter by letter; nil for an operator that this version does not know.
    init?(spelt text: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) else { return nil }
        self = found
    }

    /// What the operator reads: a claim of another type is doubtful.
    var type: ClaimType {
        switch self {
        case .stringEquals, .stringLike: .text
        case .bool: .boolean
        }
    }
}

/// The types that claims and operators may have.
enum ClaimType: Sendable {
    case text
    /// A text of digits.
    case digits
    case boolean
    case number
    case object
    /// Depends on what the repository's owners wrote.
    case any
}
