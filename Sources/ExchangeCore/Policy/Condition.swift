import StrictJSON

/// The condition of a rule: every test must be met.
struct Condition: Sendable, Equatable {
    let tests: [ClaimTest]

    /// The first test that keeps `claims` from fitting, nil when they fit. `effect` says which way a doubt falls.
    func firstFailure(_ claims: Claims, effect: Effect) -> FailedTest? {
        for test in tests {
            let verdict = test.verdict(claims)
            if !verdict.counts(in: effect) { return FailedTest(test: test, verdict: verdict) }
        }
        return nil
    }
}

/// Whether a rule opens a door or closes it.
package enum Effect: String, Sendable, CaseIterable {
    case allow
    case deny
}

/// A test that was not met, and why: for the log and for `explain`.
struct FailedTest: Sendable {
    let test: ClaimTest
    let verdict: Verdict

    var description: String { "\(test.conditionOperator.rawValue) \(test.path): \(verdict.words)" }
}

/// What one test says of a token.
enum Verdict: Sendable, Equatable {
    case met
    case notMet
    /// The token has no such claim, and for this issuer that says that there is none.
    case absent
    /// Nobody can say: the claim is missing and that means nothing, or it is of a type that the operator cannot read.
    case doubtful

    /// A doubt never opens a door: in an allow it is not met, in a deny it is (design section 6).
    func counts(in effect: Effect) -> Bool {
        switch self {
        case .met: true
        case .notMet, .absent: false
        case .doubtful: effect == .deny
        }
    }

    var words: String {
        switch self {
        case .met: "met"
        case .notMet: "the claim has another value"
        case .absent: "the claim is absent"
        case .doubtful: "the claim is unknown or of another type"
        }
    }
}

/// One operator over one claim.
struct ClaimTest: Sendable, Equatable {
    let conditionOperator: ConditionOperator
    let path: ClaimPath
    let matcher: ValueMatcher

    func verdict(_ claims: Claims) -> Verdict {
        switch claims[path] {
        case .present(let value): verdict(ofValue: value)
        case .absent: .absent
        case .unknown, .unfit: .doubtful
        }
    }

    /// A claim with several values meets the test when any of them does; an empty one meets nothing. One value that the
    /// operator cannot read makes the whole claim doubtful.
    private func verdict(ofValue value: JSONValue) -> Verdict {
        guard let values = value.array else { return matcher.verdict(value) }
        let verdicts = values.map(matcher.verdict)
        if verdicts.contains(.doubtful) { return .doubtful }
        return verdicts.contains(.met) ? .met : .notMet
    }
}
