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

    var description: String { "\(test.conditionOperator) \(test.path): \(verdict.words)" }
}
