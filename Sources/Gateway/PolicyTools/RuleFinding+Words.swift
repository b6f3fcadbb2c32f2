import ExchangeAPI
import ExchangeCore

extension RuleFinding {
    /// How a rule's finding bears on the answer: what a reader sees first.
    enum Bearing: Sendable {
        /// It gives, or would.
        case yes
        /// It keeps the request out, or does not let it in.
        case no
        /// It does not speak of this request.
        case aside
        /// It is under observation.
        case observed
    }

    var bearing: Bearing {
        switch finding {
        case .gives, .fits: .yes
        case .denies, .misfit: .no
        case .conditionFailed: effect == .allow ? .no : .aside
        case .otherIssuer, .otherRequest: .aside
        case .observed: .observed
        }
    }

    /// What the rule says, to be read after its name.
    var sentence: String {
        switch finding {
        case .gives: "gives the credentials"
        case .fits: "fits as well, but is not used"
        case .denies: "denies"
        case .misfit(let refusal): "its condition is met, but \(refusal.problem.code.rawValue): \(refusal.cause)"
        case .conditionFailed: effect == .allow ? "is not for this token" : "does not bind"
        case .otherIssuer(let issuer): "is for tokens of issuer \(issuer)"
        case .otherRequest: "is for other roles or regions"
        case .observed(let detail): "is under observation: \(detail)"
        }
    }

    /// The test that was not met; nil where another reason counts.
    var failedTest: TestReport? {
        if case .conditionFailed(let test) = finding { test } else { nil }
    }
}
