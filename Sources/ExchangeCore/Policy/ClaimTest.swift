import StrictJSON

/// One operator over one claim.
struct ClaimTest: Sendable, Equatable {
    let conditionOperator: ConditionOperator
    let path: ClaimPath
    let matcher: ValueMatcher
    /// The values as the policy writes them, for people.
    let wanted: [String]

    func verdict(_ claims: Claims) -> Verdict {
        switch claims[path] {
        case .unknown: .unknown
        case .unfit: .unfit
        case .absent: verdictOfNothing
        case .present(let value): verdict(value)
        }
    }

    /// What a claim that is there with this value comes to.
    func verdict(_ value: JSONValue) -> Verdict {
        if case .array(let values) = value {
            verdict(of: value, with: values)
        } else {
            verdict(of: value, with: CollectionOfOne(value))
        }
    }

    private func verdict(of claim: JSONValue, with values: some Collection<JSONValue>) -> Verdict {
        if values.isEmpty { return verdictOfNothing }
        if case .isNull(let wanted) = matcher { return wanted.contains(claim == .null) ? .met : .notMet }
        var (someMatch, someDiffer) = (false, false)
        for value in values {
            // One value that cannot be read makes the whole claim unfit: nobody knows what it was meant to say.
            guard let isMatch = matcher.matches(value) else { return .unfit }
            if isMatch { someMatch = true } else { someDiffer = true }
        }
        return isMet(someMatch: someMatch, someDiffer: someDiffer) ? .met : .notMet
    }

    /// Whether a claim of which some values match, or some differ, or both, meets the operator.
    private func isMet(someMatch: Bool, someDiffer: Bool) -> Bool {
        let isNegated = conditionOperator.comparison.isNegated
        switch conditionOperator.quantifier {
        case .forAnyValue: return isNegated ? someDiffer : someMatch
        case .forAllValues: return isNegated ? !someMatch : !someDiffer
        // A negated one excludes: one value that is excluded is enough to fail.
        case nil: return someMatch != isNegated
        }
    }

    /// What an absent claim, or one without values, comes to.
    var verdictOfNothing: Verdict {
        if case .isNull(let wanted) = matcher { return wanted.contains(true) ? .met : .notMet }
        switch conditionOperator.quantifier {
        case .forAllValues: return .empty
        case .forAnyValue: return conditionOperator.isIfExists ? .met : .absent
        case nil: return conditionOperator.isIfExists || conditionOperator.comparison.isNegated ? .met : .absent
        }
    }

    /// Whether it is met by every token that has the claim, so that it constrains next to nothing.
    var constrainsNothing: Bool {
        switch matcher {
        case .like(let patterns):
            !conditionOperator.comparison.isNegated && patterns.contains(where: \.matchesAlmostAnything)
        case .bool(let values), .isNull(let values): values.count == 2
        case .equals, .equalsIgnoringCase, .numeric, .date: false
        }
    }
}

/// What one test says of a token.
enum Verdict: Sendable, Equatable {
    case met
    case notMet
    /// The token has no such claim, and the operator wants one.
    case absent
    /// ForAllValues over no value: IAM meets it, which opens doors to tokens that say nothing.
    case empty
    /// The claim is missing, and that means nothing.
    case unknown
    /// The claim is of a type that the operator cannot read.
    case unfit

    /// A doubt never opens a door: in an allow it is not met, in a deny it is (design section 6).
    func counts(in effect: Effect) -> Bool {
        switch self {
        case .met: true
        case .notMet, .absent: false
        case .empty, .unknown, .unfit: effect == .deny
        }
    }

    var words: String {
        switch self {
        case .met: "met"
        case .notMet: "the claim has another value"
        case .absent: "the claim is absent"
        case .empty: "the claim has no values"
        case .unknown: "the claim is unknown: this server does not send it"
        case .unfit: "the claim is of a type that the operator cannot read"
        }
    }
}
