import ExchangeAPI
import ExchangeCore
import MicroHTTPD

/// The answer to a question: the decision, what each rule says, and the form again.
struct ExplanationPage: Sendable {
    let policy: PolicySet
    let form: ExplainForm
    let outcome: Outcome

    enum Outcome: Sendable {
        /// Nothing was asked yet.
        case none
        case explained(Explanation)
        /// What is wrong with the question.
        case fault(String)
    }

    /// Beyond it a page is no help; `policy explain` prints all.
    private static let rulesShown = 200

    var response: HTTPResponse {
        let formSection = HTML.section("explain", "Ask again", [form.html(for: policy)])
        switch outcome {
        case .none:
            return frame("Explain a decision", [.section("explain", "Claims and request", [form.html(for: policy)])])
                .response()
        case .fault(let sentence):
            return frame("Not explained", [Self.notice(sentence), formSection]).response(400)
        case .explained(let explanation):
            let title = explanation.isAllowed ? "Allowed" : "Refused"
            return frame(title, [decision(explanation), rules(explanation), formSection]).response()
        }
    }

    private func frame(_ title: String, _ content: [HTML]) -> PageFrame {
        PageFrame(
            title: title, navigation: [.link("/", "Status"), .link("#explain", "The form")],
            content: [
                .element(.div, [.cssClass("hero")], [.element(.h1, [], ["Explain a decision"])]),
                .paragraph(["By policy ", .code(policy.digest)], "muted"),
            ] + content)
    }

    private static func notice(_ sentence: String) -> HTML {
        .element(.div, [.cssClass("notice bad"), .set(.role, "alert")], [.text("Not explained: \(sentence)")])
    }

    private func decision(_ explanation: Explanation) -> HTML {
        let badge = HTML.badge(explanation.isAllowed ? .good : .bad, explanation.isAllowed ? "allowed" : "refused")
        let facts: [(name: String, value: HTML)] =
            switch explanation.decision {
            case .allowed(let ruling): Self.facts(of: ruling)
            case .refused(let refusal): Self.facts(of: refusal)
            }
        return .section(
            "decision", "Decision",
            [
                .paragraph([
                    badge,
                    " is what a verified token with these claims would be. What was pasted here was not verified.",
                ]),
                .facts(facts),
            ])
    }

    private static func facts(of ruling: Ruling) -> [(name: String, value: HTML)] {
        var facts: [(name: String, value: HTML)] = [
            ("Rule", .code(ruling.rule)), ("Role", .code(ruling.role.description)),
            ("Region of STS", .code(ruling.region.description)), ("Duration", .text(ruling.duration.inWords)),
            ("Session name", .code(ruling.sessionName.description)),
            ("Session policy", ruling.session.inline.map { .element(.pre, [], [.text($0)]) } ?? "none"),
        ]
        facts.append(("AWS is shown", .text(ruling.federation.mode.shownToken)))
        for fact in ruling.federation.claims?.facts ?? [] { facts.append((fact.name, .code(fact.value))) }
        for arn in ruling.session.managed { facts.append(("Managed policy", .code(arn))) }
        for observation in ruling.observations { facts.append(("Observed", .text(observation.description))) }
        return facts
    }

    private static func facts(of refusal: Refusal) -> [(name: String, value: HTML)] {
        [
            ("Code", .code(refusal.problem.code.rawValue)), ("The step is told", .text(refusal.problem.detail)),
            ("Log and audit say", .text(refusal.cause)),
        ]
    }

    private func rules(_ explanation: Explanation) -> HTML {
        let hidden = explanation.rules.count - Self.rulesShown
        // With many rules those that bear on the answer come first; else the order is the files'.
        let ranked =
            hidden > 0
            ? explanation.rules.filter(\.isDecisive) + explanation.rules.filter { !$0.isDecisive } : explanation.rules
        return .section(
            "rules", "What each rule says",
            [
                .element(.ol, [.cssClass("findings")], ranked.prefix(Self.rulesShown).map(Self.finding)),
                .when(
                    hidden > 0,
                    .paragraph([
                        .text("\(hidden) more rules are not shown. "), .code("vela-aws-gateway policy explain"),
                        " prints all.",
                    ])),
            ])
    }

    private static func finding(_ finding: RuleFinding) -> HTML {
        var pieces: [HTML] = [
            .paragraph([
                .badge(finding.bearing.tone, finding.bearing.word), " ", .text(finding.effect.rawValue), " ",
                .code(finding.rule), .text(" \(finding.sentence)"),
                .element(.span, [.cssClass("muted")], [.text(" (\(finding.file):\(finding.line))")]),
            ])
        ]
        if let test = finding.failedTest {
            let wanted = test.wanted.enumerated().flatMap { index, value -> [HTML] in
                (index == 0 ? [] : [" or "]) + [.code(value)]
            }
            pieces.append(
                .facts([
                    ("\(test.conditionOperator)", .group([.code(test.claim), .text(": \(test.reason)")])),
                    ("Wanted", .group(wanted)), ("Saw", test.saw.map { .code($0) } ?? "nothing"),
                ]))
        }
        return .element(.li, [], pieces)
    }
}

extension Explanation {
    fileprivate var isAllowed: Bool { if case .allowed = decision { true } else { false } }
}

extension RuleFinding {
    /// Whether it speaks of this very token and request: its condition is met.
    fileprivate var isDecisive: Bool { failedTest == nil && bearing != .aside }
}

extension RuleFinding.Bearing {
    fileprivate var word: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .aside: "not for this"
        case .observed: "observed"
        }
    }

    fileprivate var tone: HTML.Tone {
        switch self {
        case .yes: .good
        case .no: .bad
        case .aside: .plain
        case .observed: .warn
        }
    }
}
