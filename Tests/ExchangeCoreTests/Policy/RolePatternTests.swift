import Testing

@testable import ExchangeCore

/// Entries of `roles` that name more than one role.
@Suite struct RolePatternTests {
    private static let front = "arn:aws:iam::123456123456:role/"

    @Test(arguments: [
        ("ci-*", "ci-deploy", true), ("ci-*", "ci-", true), ("ci-*", "xci-deploy", false), ("ci-?", "ci-ab", false),
        ("*", "team/deploy", true), ("team/*", "team/a/b", true), ("team/*", "steam/a", false),
        // Claims stand for exactly what they say.
        ("ci-{repo_name}", "ci-octo-repo", true), ("ci-{repo_name}", "ci-octo-repo2", false),
        ("{repo_org}/{repo_name}", "octo-org/octo-repo", true), ("{repo_name}-*", "octo-repo-x", true),
        ("{custom_properties.team}", "octo", true), ("{custom_properties.none}", "none", false),
        ("{custom_properties.tier}", "1", false),
    ])
    func `names the roles that fit, and no other`(_ pattern: String, _ role: String, _ isNamed: Bool) throws {
        let pattern = try #require(RolePattern(parsing: Self.front + pattern))
        #expect(pattern.names(try #require(RoleARN(parsing: Self.front + role)), for: try .push()) == isNamed)
    }

    @Test(arguments: ["octo*", "octo?", "a/b", "", "a,b", "a=b", "é", "a b", "{repo_org}", "a:b"])
    func `a value that is no plain name fills nothing`(_ value: String) throws {
        let pattern = try #require(RolePattern(parsing: Self.front + "{repo_name}"))
        let any = try #require(RolePattern(parsing: Self.front + "*{repo_name}"))
        let claims = try Claims.push(#"{"repo_name": "\#(value)"}"#)
        for role in ["octo", "octo-repo", "octox", "a/b", "b", "a,b", "a=b", "test"] {
            let role = try #require(RoleARN(parsing: Self.front + role))
            #expect(!pattern.names(role, for: claims) && !any.names(role, for: claims))
        }
    }

    @Test func `stays in its account and partition`() throws {
        let pattern = try #require(RolePattern(parsing: Self.front + "*"))
        for text in ["arn:aws:iam::999999999999:role/test", "arn:aws-cn:iam::123456123456:role/test"] {
            #expect(!pattern.names(try #require(RoleARN(parsing: text)), for: try .push()))
        }
    }

    @Test(arguments: [
        "arn:aws:iam::*:role/test", "arn:aws:iam::{account}:role/test", "arn:*:iam::123456123456:role/test",
        "arn:aws:iam::123456123456:*", "arn:aws:iam::123456123456:role/", "arn:aws:iam::123456123456:role/{",
        "arn:aws:iam::123456123456:role/{}", "arn:aws:iam::123456123456:role/a}b{",
        "arn:aws:iam::12345612345?:role/test",
        "arn:aws:iam::123456123456:role/${repo}", "arn:aws:s3:::bucket/*", "*", "arn:aws:iam::123456123456:user/*",
    ])
    func `reaches nowhere but behind role/`(_ text: String) {
        #expect(RolePattern(parsing: text) == nil)
    }

    @Test func `a rule with a pattern gives its roles and says so of others`() throws {
        let policy = try PolicySet.rules(
            """
            [{"name": "own", "issuer": "vela", "condition": {"StringEquals": {"repo_org": "octo-org"}},
              "roles": ["arn:aws:iam::123456123456:role/ci-{repo_name}", "arn:aws:iam::123456123456:role/shared"]}]
            """)
        #expect(policy.answer(try .push(), asking: try .role("ci-octo-repo")) == "allow own")
        #expect(policy.answer(try .push(), asking: try .role("shared")) == "allow own")
        #expect(policy.answer(try .push(), asking: try .role("ci-other")) == "role own")
    }

    @Test func `a deny takes wildcards and no claims`() throws {
        func rules(_ role: String) -> String {
            """
            [{"name": "open", "issuer": "vela", "condition": {"StringEquals": {"repo_org": "octo-org"}},
              "roles": ["arn:aws:iam::123456123456:role/*"]},
             {"name": "shut", "effect": "deny", "condition": {"StringEquals": {"repo_org": "octo-org"}},
              "roles": ["arn:aws:iam::123456123456:role/\(role)"]}]
            """
        }
        let policy = try PolicySet.rules(rules("prod-*"))
        #expect(policy.answer(try .push(), asking: try .role("prod-a")) == "denied shut")
        #expect(policy.answer(try .push(), asking: try .role("test")) == "allow open")
        #expect(throws: PolicyFaults.self) { try PolicySet.rules(rules("{repo_name}")) }
    }
}
