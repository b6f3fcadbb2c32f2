@testable import ExchangeCore

/// Policies that earn a finding of a kind, and policies that come close and do not.
struct LintCase: Sendable {
    let kind: LintKind
    let earning: [String]
    let nearMisses: [String]

    init(_ kind: LintKind, earning: [String], nearMisses: [String]) {
        self.kind = kind
        self.earning = earning
        self.nearMisses = nearMisses
    }

    /// Rules that differ in their condition alone.
    init(_ kind: LintKind, conditions: [String], nearMisses: [String]) {
        self.init(
            kind, earning: conditions.map { .policy(.rule(condition: $0)) },
            nearMisses: nearMisses.map { .policy(.rule(condition: $0)) })
    }

    static let all: [LintCase] =
        repositories + events + steps + operators + roles + sessions + sessionPolicies + pairs + reach + issuers
        + federation
}

extension String {
    static let role = "arn:aws:iam::123456123456:role/test"

    /// A condition in which lint finds nothing.
    static let soundCondition = """
        {"StringEquals": {"repo": "octo-org/octo-repo", "event": ["push", "tag"]},
         "StringLike": {"image": "registry.example.com/vela-aws-credentials:1.*"},
         "Bool": {"commands": false, "pull_fork": false}}
        """

    /// An allow rule in which lint finds nothing but for what is changed. `more` are further members.
    static func rule(
        _ name: String = "one", condition: String = .soundCondition, roles: [String] = [.role],
        sessionName: String? = "{repo_org}.{repo_name}-{build_number}", issuer: String = "vela", more: String = ""
    ) -> String {
        let roles = roles.map { "\"\($0)\"" }.joined(separator: ", ")
        let session = sessionName.map { ", \"session_name\": \"\($0)\"" } ?? ""
        return """
            {"name": "\(name)", "issuer": "\(issuer)", "condition": \(condition), "roles": [\(roles)]\(session)\(more)}
            """
    }

    static func deny(_ condition: String, more: String = "") -> String {
        #"{"name": "no", "effect": "deny", "condition": \#(condition)\#(more)}"#
    }

    static let velaAlone = """
        [{"name": "vela", "url": "https://vela.example.com/_services/token", "audiences": ["sts.amazonaws.com"],
          "claims": "vela"}]
        """

    static func policy(_ rules: String..., sessionPolicies: String = "{}", issuers: String = PolicySet.twoIssuers)
        -> String
    {
        """
        {"version": 1, "issuers": \(issuers), "session_policies": \(sessionPolicies),
         "rules": [\(rules.joined(separator: ", "))]}
        """
    }
}

extension PolicySet {
    /// What lint says of a policy in JSON.
    static func lint(_ json: String) throws -> [LintFinding] {
        try PolicyCompiler.compile([try PolicySource(json)], at: .loading).lint(at: .loading)
    }
}
