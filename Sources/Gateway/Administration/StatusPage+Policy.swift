import ExchangeCore
import StrictJSON

extension StatusPage {
    /// Ten thousand rules are a page that no browser likes; `/policy` has them all.
    private static let rulesShown = 200

    var policySection: HTML {
        let policy = status.policy
        let hidden = policy.rules.count - Self.rulesShown
        return .section(
            "policy", "Policy",
            [
                .facts([
                    ("Digest", .code(policy.digest)),
                    (
                        "Loaded",
                        .group([.time(policy.loadedAt), .text(", \((status.takenAt - policy.loadedAt).inWords) ago")])
                    ),
                    (
                        "Files now",
                        policy.faults == nil ? .badge(.good, "as loaded") : .badge(.warn, "faulty, see above")
                    ),
                    ("Emergency deny", emergency),
                    ("As JSON", .link("/policy", "/policy")),
                ]),
                PageTable(
                    caption:
                        "Rules in the order of the files. A deny that matches wins; else the first allow that fits is used.",
                    columns: ["Rule", "Effect", "For tokens", "What it gives or denies"].map { .init(name: $0) },
                    rows: policy.rules.prefix(Self.rulesShown).map(row)
                ).html,
                .when(
                    hidden > 0,
                    .paragraph([
                        .text("\(hidden) more rules are not shown here. "), .link("/policy", "/policy"), " has all.",
                    ])),
            ])
    }

    private var emergency: HTML {
        guard !status.emergency.isEmpty else { return "not configured" }
        return .group(
            status.emergency.map { state in
                let isQuiet = !state.reading.stopsEverything && state.reading.ruleNames.isEmpty
                return .element(
                    .div, [],
                    [
                        .badge(isQuiet ? .good : .bad, "\(state.source.rawValue): \(state.reading.word)"), " since ",
                        .time(state.since),
                    ])
            })
    }

    private func row(_ rule: RuleSummary) -> [HTML] {
        [
            .group([
                .code(rule.name), .element(.div, [.cssClass("hint")], [.text("\(rule.file):\(rule.line)")]),
            ]), effect(of: rule), tokens(of: rule), terms(of: rule),
        ]
    }

    private func effect(of rule: RuleSummary) -> HTML {
        let isObserved = rule.observedUntil.map { status.takenAt < $0 } ?? false
        let badge = HTML.badge(rule.effect == .allow ? .good : .bad, rule.effect.rawValue)
        guard isObserved else { return badge }
        let count = status.observed.first { $0.rule == rule.name }?.count ?? 0
        let seen = count == 0 ? "nothing so far" : "it would have decided otherwise \(count.times)"
        return .group([
            badge, " ", .badge(.warn, "observed"), .element(.div, [.cssClass("hint")], [.text(seen)]),
        ])
    }

    private func tokens(of rule: RuleSummary) -> HTML {
        let issuer = rule.issuer.map { [HTML.text("of "), .code($0)] } ?? ["of every issuer"]
        return .group([.element(.div, [], issuer)] + rule.conditions.map { .element(.div, [], Self.words(of: $0)) })
    }

    private static func words(of condition: ConditionSummary) -> [HTML] {
        [
            .element(.span, [.cssClass("muted")], [.text(condition.conditionOperator)]), " ", .code(condition.claim),
            " ",
        ] + list(condition.wanted, or: "or")
    }

    /// Whose token AWS is shown. Templates only: there is no token, and none is made for a page.
    private static func words(of federation: FederationSummary) -> [[HTML]] {
        guard federation.mode == .issuer else { return [] }
        let audiences =
            federation.audiences.isEmpty ? [] : [HTML.text(", for tokens to ")] + list(federation.audiences, or: "or")
        return [[.badge(.plain, "issuer mode")] + audiences]
            + federation.templates.map { [.text("\($0.name) "), .code($0.text)] }
    }

    /// The first few values, and how many more there are.
    private static func list(_ values: [String], or word: String) -> [HTML] {
        let shown = values.prefix(3).map { HTML.code($0) }
        let joined = shown.enumerated().flatMap { index, value in index == 0 ? [value] : [.text(" \(word) "), value] }
        return joined + (values.count > 3 ? [.text(" \(word) \(values.count - 3) more")] : [])
    }

    private func terms(of rule: RuleSummary) -> HTML {
        var lines = [rule.roles.isEmpty ? [HTML.text("every role")] : Self.list(rule.roles, or: "and")]
        if !rule.regions.isEmpty { lines.append([.text("in ")] + Self.list(rule.regions, or: "and")) }
        if let longest = rule.maximumDuration { lines.append([.text("for at most \(longest.inWords)")]) }
        if let name = rule.sessionName { lines.append(["as ", .code(name)]) }
        if let federation = rule.federation { lines += Self.words(of: federation) }
        if !rule.oneUseFronts.isEmpty {
            lines.append([.text("each token once, by \(rule.oneUseFronts.joined(separator: " and "))")])
        }
        if let bounds = rule.sessionPolicy?.words { lines.append([.text(bounds)]) }
        return .group(lines.map { .element(.div, [], $0) })
    }
}

extension SessionPolicySummary {
    /// `session policy: a default, a ceiling, always no-iam`; nil for none.
    fileprivate var words: String? {
        var parts: [String] = []
        if hasDefault { parts.append("a default") }
        if hasCeiling { parts.append("a ceiling") }
        if !always.isEmpty { parts.append("always " + always.joined(separator: ", ")) }
        if !named.isEmpty { parts.append("by name " + named.joined(separator: ", ")) }
        if !managed.isEmpty { parts.append("\(managed.count) managed to choose from") }
        return parts.isEmpty ? nil : "session policy: " + parts.joined(separator: "; ")
    }
}
