import ExchangeCore
import MicroHTTPD
import StrictJSON

/// `GET /`: the gateway's state for people. What needs attention stands first, then figures, then each part.
struct StatusPage: Sendable {
    let status: GatewayStatus
    /// The form that explains a decision.
    let form: HTML

    var response: HTTPResponse {
        PageFrame(
            title: headline.rawValue,
            navigation: [
                .link("#policy", "Policy"), .link("#issuers", "Issuers"), .link("#decisions", "Decisions"),
                .link("#audit", "Audit"), .link("#load", "Load"), .link("#explain", "Explain"),
            ],
            content: [
                head, attention, tiles, policySection, issuersSection, decisionsSection, auditSection, loadSection,
            ]
                + [.section("explain", "Explain a decision", [form])]
        ).response()
    }

    /// The whole state in a few words.
    private enum Headline: String {
        case notReady = "Not ready"
        case troubled = "Ready, but look below"
        case ready = "Ready"
    }

    private var headline: Headline {
        guard status.readiness.isReady else { return .notReady }
        return status.concerns.isEmpty ? .ready : .troubled
    }

    private var tone: HTML.Tone {
        switch headline {
        case .notReady: .bad
        case .troubled: status.concerns.contains { $0.weight == .trouble } ? .bad : .warn
        case .ready: .good
        }
    }

    private var head: HTML {
        .group([
            .element(
                .div, [.cssClass("hero")],
                [.element(.h1, [], ["Gateway status"]), .badge(tone, headline.rawValue)]),
            .paragraph(
                [
                    "Replica ", .code(status.replica), " as of ", .time(status.takenAt), ". ",
                    .link("/", "Load it again"),
                ], "muted"),
        ])
    }

    private var attention: HTML {
        let concerns = status.concerns
        guard !concerns.isEmpty else { return .nothing }
        return .section(
            "attention", "Needs attention",
            [.element(.ul, [.cssClass("notes")], concerns.map(Self.note))])
    }

    private static func note(_ concern: Concern) -> HTML {
        let details = concern.details.map { HTML.element(.li, [], [.code($0)]) }
        return .element(
            .li, [.cssClass(concern.weight == .trouble ? "bad" : "warn")],
            [.text(concern.sentence), .when(!details.isEmpty, .element(.ul, [], details))])
    }

    private var tiles: HTML {
        let tiles = [
            ("Credentials given", "\(status.count(of: "allowed"))"), ("Refused", "\(status.count(of: "refused"))"),
            ("In flight", "\(status.load.requests)"), ("Rules", "\(status.policy.rules.count)"),
            ("Up for", (status.takenAt - status.startedAt).inWords), ("Version", status.version),
        ]
        return .element(
            .dl, [.cssClass("tiles")],
            tiles.map { name, value in
                .element(.div, [], [.element(.dt, [], [.text(name)]), .element(.dd, [], [.text(value)])])
            })
    }
}
