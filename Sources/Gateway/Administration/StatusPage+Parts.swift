import ExchangeAPI
import ExchangeCore
import MicroHTTPD
import StrictJSON

extension StatusPage {
    var issuersSection: HTML {
        .section(
            "issuers", "Issuers",
            [
                PageTable(
                    caption: "Whose tokens are taken, and the keys that they are verified with.",
                    columns: [
                        .init(name: "Issuer"), .init(name: "State"), .init(name: "Keys", isNumber: true),
                        .init(name: "Fetched"), .init(name: "Last failure"),
                    ], rows: status.issuers.map(row)
                ).html
            ])
    }

    private func row(_ issuer: KeySetState) -> [HTML] {
        let isLate = issuer.isUsable && issuer.lastFailure != nil
        let state: HTML =
            issuer.isDisabled
            ? .badge(.bad, "disabled")
            : issuer.isUsable ? HTML.badge(isLate ? .warn : .good, "usable") : .badge(.bad, "no usable keys")
        let skipped = issuer.skipped > 0 ? ", \(issuer.skipped) left out" : ""
        let fetched = issuer.age.map { "\($0.inWords) ago" } ?? (issuer.isUsable ? "from a file" : "never")
        let failure: HTML =
            if let words = issuer.lastFailure {
                .group([.code(words), .text(issuer.lastFailureAt.map { " at \($0.toTheSecond)" } ?? "")])
            } else {
                "none"
            }
        return [
            .group([.code(issuer.issuer), .element(.div, [.cssClass("hint")], [.text(issuer.url)])]), state,
            .text("\(issuer.keys)\(skipped)"), .text(fetched), failure,
        ]
    }

    var decisionsSection: HTML {
        let rows = status.decisions.map { decision in
            [
                Self.badge(of: decision.outcome), Self.reason(of: decision), .code(decision.front),
                .text("\(decision.count)"),
            ]
        }
        let empty = HTML.paragraph(["Nobody has asked since the start."], "muted")
        let table = PageTable(
            caption: "Since the start. The log has the cause of each refusal, by its request id.",
            columns: [
                .init(name: "Outcome"), .init(name: "Reason"), .init(name: "Front"),
                .init(name: "Count", isNumber: true),
            ], rows: rows)
        return .section("decisions", "Exchanges and refusals", [rows.isEmpty ? empty : table.html])
    }

    private static func badge(of outcome: String) -> HTML {
        switch outcome {
        case "allowed": .badge(.good, outcome)
        case "refused": .badge(.bad, outcome)
        default: .badge(.plain, outcome)
        }
    }

    private static func reason(of decision: GatewayStatus.DecisionCount) -> HTML {
        switch decision.outcome {
        case "allowed": return "credentials given"
        case "shown": return "claims shown to their bearer"
        default:
            let title = ProblemCode(rawValue: decision.code)?.page.title ?? ""
            return .group([.code(decision.code), .text(" \(title)")])
        }
    }

    var auditSection: HTML {
        let rows = status.audit.map { sink -> [HTML] in
            let head = sink.head.map { HTML.group([.text("\($0.sequence) "), .code(String($0.digest.prefix(12)))]) }
            return [
                .code(sink.name), sink.failure.map { .badge(.bad, $0) } ?? .badge(.good, "takes records"),
                .text(sink.durability.words), head ?? "none yet",
                .text(sink.headAge.map { "\($0.inWords) ago" } ?? "never"), .text("\(sink.waiting)"),
            ]
        }
        return .section(
            "audit", "Audit",
            [
                PageTable(
                    caption: "Credentials leave only when every sink has the record.",
                    columns: [
                        .init(name: "Sink"), .init(name: "State"), .init(name: "A record survives"),
                        .init(name: "Last line"), .init(name: "Written"), .init(name: "Waiting", isNumber: true),
                    ], rows: rows
                ).html
            ])
    }

    var loadSection: HTML {
        let (load, limits) = (status.load, status.load.limits)
        return .section(
            "load", "Load, limits and TLS",
            [
                .facts([
                    ("Requests in flight", .text("\(load.requests) on \(load.connections) connections")),
                    (
                        "Calls of STS",
                        .text(
                            "\(load.stsCalls) of at most \(limits.concurrent), \(limits.concurrentPerRepository) for one repository"
                        )
                    ),
                    (
                        "Waiting for STS",
                        .text(
                            "\(load.waiting) of at most \(limits.waiting), \(limits.waitingPerRepository) of one repository"
                        )
                    ),
                    ("Circuit breaker", circuits),
                    ("TLS certificate", certificate),
                ])
            ])
    }

    private var circuits: HTML {
        let open = status.load.openCircuits
        guard !open.isEmpty else { return .badge(.good, "closed") }
        return .group([.badge(.bad, "open"), " "] + open.map { HTML.code($0) })
    }

    private var certificate: HTML {
        guard let validity = status.certificate else {
            return .text(status.isPlaintextOffLoopback ? "none, and not on loopback" : "none, on loopback")
        }
        let end = Timestamp(seconds: validity.ends)
        let left = end - status.takenAt
        return .group([
            "expires at ", .time(end), .text(left > .zero ? ", in \(left.inWords)" : ", which is past"),
        ])
    }
}

extension AuditDurability {
    fileprivate var words: String {
        switch self {
        case .flushed: "the node's death"
        case .written: "the gateway's death, not the node's"
        }
    }
}
