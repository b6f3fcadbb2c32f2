import StrictJSON

/// Why a policy decides on a request as it does, rule by rule, in the order of the files.
package struct Explanation: Sendable {
    package let decision: Decision
    package let rules: [RuleFinding]

    /// The same findings, where something that stands before the policy refuses whatever they say.
    package func stopped(by refusal: Refusal) -> Explanation {
        Explanation(decision: .refused(refusal), rules: rules)
    }

    /// What `decide` would say to a verified token with these claims.
    package enum Decision: Sendable {
        case allowed(Ruling)
        case refused(Refusal)
    }
}

/// What one rule says.
package struct RuleFinding: Sendable {
    package let rule: String
    package let effect: Effect
    package let file: String
    package let line: Int
    package let finding: Finding

    package enum Finding: Sendable {
        /// Allow: this rule gives the credentials.
        case gives
        /// Allow: it fits as well, but an earlier one does, or a deny binds.
        case fits
        /// Allow: its condition is met, the request does not fit.
        case misfit(Refusal)
        /// Deny: it binds.
        case denies
        /// The first test of the condition that is not met.
        case conditionFailed(TestReport)
        /// It takes tokens of another issuer.
        case otherIssuer(String)
        /// Deny: it speaks of other roles or regions.
        case otherRequest
        /// It is under observation, and what it says does not count.
        case observed(String)
    }
}

/// A test that was not met: what it wanted and what it saw.
package struct TestReport: Sendable, Equatable {
    package let conditionOperator: String
    package let claim: String
    package let wanted: [String]
    /// The claim's value as JSON, cut; nil when there is none.
    package let saw: String?
    /// Why that is not enough.
    package let reason: String

    init(_ failed: FailedTest, in claims: Claims) {
        conditionOperator = failed.test.conditionOperator.description
        claim = failed.test.path.description
        wanted = failed.test.wanted
        if case .present(let value) = claims[failed.test.path] {
            saw = String(decoding: value.bytes, as: UTF8.self).shown(upTo: 200)
        } else {
            saw = nil
        }
        reason = failed.verdict.words
    }
}
