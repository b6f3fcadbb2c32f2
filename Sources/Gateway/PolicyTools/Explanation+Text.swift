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
            return paint.green("allowed") + "   " + gives + once + policy
        case .refused(let refusal):
            return paint.red("refused") + "   \(refusal.problem.code.rawValue): \(refusal.cause)"
        }
    }

    private func lines(of finding: RuleFinding) -> [String] {
        let name = "\(finding.effect.rawValue) \(finding.rule)"
        let place = paint.dim("(\(finding.file):\(finding.line))")
        switch finding.finding {
        case .gives: return [head(paint.green("yes"), name, place, "gives the credentials")]
        case .fits: return [head("yes", name, place, "fits as well, but is not used")]
        case .denies: return [head(paint.red("no "), name, place, "denies")]
        case .misfit(let refusal):
            let words = "its condition is met, but \(refusal.problem.code.rawValue): \(refusal.cause)"
            return [head(paint.red("no "), name, place, words)]
        case .conditionFailed(let test): return lines(of: test, in: finding.effect, name, place)
        case .otherIssuer(let issuer): return [head(" - ", name, place, "is for tokens of issuer \(issuer)")]
        case .otherRequest: return [head(" - ", name, place, "is for other roles or regions")]
        case .observed(let detail): return [head("obs", name, place, "is under observation: \(detail)")]
        }
    }

    private func lines(of test: TestReport, in effect: Effect, _ name: String, _ place: String) -> [String] {
        let mark = effect == .allow ? paint.red("no ") : " - "
        let words = effect == .allow ? "is not for this token" : "does not bind"
        let indent = "       "
        return [
            head(mark, name, place, words),
            "\(indent)\(test.conditionOperator) \(paint.bold(test.claim)): \(test.reason)",
            "\(indent)  wanted  \(test.wanted.joined(separator: paint.dim(" or ")))",
            "\(indent)  saw     \(test.saw ?? "nothing")",
        ]
    }

    private func head(_ mark: String, _ name: String, _ place: String, _ words: String) -> String {
        "  \(mark)  \(name) \(place): \(words)"
    }
}
