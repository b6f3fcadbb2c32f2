/// What a condition key of a trust policy stands for, seen from a token of one provider.
enum TrustKey: Sendable, Hashable {
    /// `ADDRESS:sub` and the like, of this provider. The name is in lower case.
    case claim(String)
    /// A key of AWS's own, such as `aws:SourceIp`. In lower case.
    case context(String)
    /// A key that no request with such a token has.
    case stranger

    init(_ key: ConditionKey, for provider: OIDCProvider) {
        let text = key.folded
        let prefix = ConditionKey(text: provider.address).folded + ":"
        if text.hasPrefix(prefix) {
            self = .claim(String(text.dropFirst(prefix.count)))
        } else if text.hasPrefix("aws:") || text.hasPrefix("sts:") {
            self = .context(text)
        } else {
            self = .stranger
        }
    }

    /// AWS has these keys for any provider, and no others: "Available keys for AWS OIDC federation", IAM user guide.
    private static let evaluatedClaims: Set<String> = ["sub", "aud", "amr"]

    /// Whether a request with such a token may have it.
    var isEvaluated: Bool {
        switch self {
        case .claim(let name): Self.evaluatedClaims.contains(name)
        case .context: true
        case .stranger: false
        }
    }

    static let sub = TrustKey.claim("sub")
    static let aud = TrustKey.claim("aud")
    static let sourceIP = TrustKey.context("aws:sourceip")
    static let sourceVPC = TrustKey.context("aws:sourcevpc")
    static let sourceVPCE = TrustKey.context("aws:sourcevpce")
    static let vpcSourceIP = TrustKey.context("aws:vpcsourceip")

    /// The keys that say by which way a request came.
    static let ways: Set<TrustKey> = [sourceIP, sourceVPC, sourceVPCE, vpcSourceIP]
}

extension TrustCondition {
    /// Whether a request without the key meets it.
    var isMetByAbsence: Bool {
        if conditionOperator.comparison == .null { return values.contains { $0.lowercased() == "true" } }
        return conditionOperator.isIfExists || conditionOperator.quantifier == .all
            || conditionOperator.comparison.counterpart != nil && conditionOperator.quantifier == nil
    }
}

extension SessionPolicyComparison {
    /// What a negated comparison denies; nil for one that is not negated.
    var counterpart: SessionPolicyComparison? {
        switch self {
        case .stringNotEquals: .stringEquals
        case .stringNotEqualsIgnoreCase: .stringEqualsIgnoreCase
        case .stringNotLike: .stringLike
        case .numericNotEquals: .numericEquals
        case .dateNotEquals: .dateEquals
        case .notIpAddress: .ipAddress
        case .arnNotEquals: .arnEquals
        case .arnNotLike: .arnLike
        case .stringEquals, .stringEqualsIgnoreCase, .stringLike, .numericEquals, .numericLessThan,
            .numericLessThanEquals, .numericGreaterThan, .numericGreaterThanEquals, .dateEquals, .dateLessThan,
            .dateLessThanEquals, .dateGreaterThan, .dateGreaterThanEquals, .bool, .binaryEquals, .ipAddress, .arnEquals,
            .arnLike, .null:
            nil
        }
    }
}
