import ExchangeAPI
import ExchangeCore

/// An explanation for people.
struct ExplanationText {
    let explanation: Explanation
    /// Where the claims come from, and whether anybody verified them.
    let origin: String
    let paint: Paint

    var lines: [String] {
        [origin, headline, ""] + explanation.rules.flatMap(lines(of:))
    }

    private var headline: String {
        switch explanation.decision {
        case .allowed(let ruling):
            let seconds = ruling.duration.components.seconds
            let gives =
                "rule \(ruling.rule) gives \(ruling.role) in \(ruling.region) for \(seconds) s as \(ruling.sessionName)"
            let policy = ruling.session.inline.map { "\n          session policy \($0)" } ?? ""
            let once = ruling.isOneUse ? ", once for each token" : ""
            let minted = ruling.federation.claims.map(lines(of:))?.joined() ?? ""
            return paint.green("allowed") + "   " + gives + once + policy + minted
        case .refused(let refusal):
            return paint.red("refused") + "   \(refusal.problem.code.rawValue): \(refusal.cause)"
        }
    }

    /// What a token of the gateway's own would say.
    private func lines(of claims: FederationClaims) -> [String] {
        claims.facts.map { "\n          \($0.name) \($0.value)" }
    }

    private func lines(of finding: RuleFinding) -> [String] {
        let name = "\(finding.effect.rawValue) \(finding.rule)"
        let place = paint.dim("(\(finding.file):\(finding.line))")
        let first = "  \(mark(finding))  \(name) \(place): \(finding.sentence)"
        return [first] + (finding.failedTest.map(lines(of:)) ?? [])
    }

    private func mark(_ finding: RuleFinding) -> String {
        switch finding.bearing {
        case .yes: if case .gives = finding.finding { paint.green("yes") } else { "yes" }
        case .no: paint.red("no ")
        case .aside: " - "
        case .observed: "obs"
        }
    }

    private func lines(of test: TestReport) -> [String] {
        let indent = "       "
        return [
            "\(indent)\(test.conditionOperator) \(paint.bold(test.claim)): \(test.reason)",
            "\(indent)  wanted  \(test.wanted.joined(separator: paint.dim(" or ")))",
            "\(indent)  saw     \(test.saw ?? "nothing")",
        ]
    }
}
