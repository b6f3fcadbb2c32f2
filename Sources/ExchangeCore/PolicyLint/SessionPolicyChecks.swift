extension LintedAllow {
    /// A step that may send any policy of its own is not bounded by a default.
    var defaultWithoutCeiling: [String] {
        guard rule.sessionPolicy.standard != nil, rule.sessionPolicy.ceiling == nil else { return [] }
        return [
            "session_policy has a default and no ceiling, so a step gets past the default by sending a policy of its own; "
                + "name the default as ceiling too, or put what must never be allowed into an always"
        ]
    }
}

/// An action by which a session gets out of its session policy.
struct EscapeAction {
    let name: String
    /// What happens then, as the middle of a sentence.
    let danger: String
    let remedy: String

    /// The next session has that role's permissions, and no session policy of ours.
    static let assumeRole = EscapeAction(
        name: "sts:AssumeRole", danger: "the next role's session is bounded by no policy of this rule",
        remedy: "leave it out, or deny it in an always")

    /// A service, a Lambda function for one, then acts as that role.
    static let passRole = EscapeAction(
        name: "iam:PassRole", danger: "a service can be made to act as a role that this rule does not give",
        remedy: "leave it out, deny it in an always, or name the one role and service")
}

extension LintedPolicy {
    /// One finding a session policy, with the rules that send it and deny the action nowhere.
    func sessionPolicies(allowing action: EscapeAction, _ kind: LintKind) -> [LintFinding] {
        policy.sessionPolicies.compactMap { named in
            let users = allows.map(\.rule).filter { rule in
                rule.sessionPolicy.named[named.name] != nil
                    && !rule.sessionPolicy.always.contains { $0.document.denies(action.name) }
            }
            guard !users.isEmpty, let grant = named.document.grant(of: action.name) else { return nil }
            return LintFinding(
                kind, at: named.place,
                "session policy \(named.name), of \(Self.list(users)), allows \(action.name) by \(grant): "
                    + "\(action.danger); \(action.remedy)")
        }
    }

    /// A policy that nothing sends bounds nobody: perhaps a rule has lost it.
    var unusedSessionPolicies: [LintFinding] {
        let terms = allows.map(\.rule.sessionPolicy)
        return policy.sessionPolicies.filter { named in
            !terms.contains { $0.named[named.name] != nil || $0.alwaysNames.contains(named.name) }
        }.map { named in
            LintFinding(
                .unusedSessionPolicy, at: named.place,
                "no rule uses the session policy \(named.name); name it in a rule's session_policy, or remove it")
        }
    }

    private static func list(_ rules: [AllowRule]) -> String {
        (rules.count == 1 ? "rule " : "rules ") + rules.map(\.name).shownAsList
    }
}

extension SessionPolicyDocument {
    /// How an Allow takes `action` in, such as `iam:* on *`; nil where none does, or a Deny takes it all away.
    fileprivate func grant(of action: String) -> String? {
        guard !denies(action) else { return nil }
        let wanted = ValuePattern(literal: action.lowercased())
        for statement in statements where statement.effect == .allow {
            for pattern in statement.actions.patterns
            where ValuePattern(symbols: pattern.symbols).overlaps(wanted) != statement.actions.isExcluding {
                return "\(pattern.text) on \(statement.resources.patterns.map(\.text).shownAsList)"
            }
        }
        return nil
    }

    /// Whether a Deny without conditions takes `action` away on every resource.
    fileprivate func denies(_ action: String) -> Bool {
        let wanted = ValuePattern(literal: action.lowercased())
        return statements.contains { statement in
            let isNamed = statement.actions.patterns.contains { ValuePattern(symbols: $0.symbols).overlaps(wanted) }
            return statement.effect == .deny && statement.conditions.isEmpty
                && isNamed != statement.actions.isExcluding && !statement.resources.isExcluding
                && statement.resources.patterns.contains(where: \.isEverything)
        }
    }
}
