import StrictJSON
import Testing

@testable import ExchangeCore

/// What the rules say to a request, without a token.
@Suite struct PolicyDecisionTests {
    /// The sample of the design, and a laxer rule behind it.
    static let sample = """
        [{"name": "octo-repo", "issuer": "vela",
          "condition": {
            "StringLike": {"sub": "repo:octo-org/octo-repo:*", "image": "registry.example.com/vela-aws-credentials:1.*"},
            "StringEquals": {"aud": "sts.amazonaws.com", "event": ["push", "tag"]},
            "Bool": {"commands": false, "pull_fork": false}},
          "roles": ["arn:aws:iam::123456123456:role/test"], "regions": ["us-east-1", "us-west-2"], "max_duration": "1h",
          "session_name": "{repo_org}.{repo_name}-{build_number}"},
         {"name": "octo-org", "issuer": "vela", "condition": {"StringEquals": {"repo_org": "octo-org"}},
          "roles": ["arn:aws:iam::123456123456:role/read", "arn:aws:iam::123456123456:role/test"],
          "regions": ["eu-west-1"], "max_duration": 7200},
         {"name": "never-from-forks", "effect": "deny", "issuer": "vela", "condition": {"Bool": {"pull_fork": true}}}]
        """

    struct Row: Sendable {
        let what: String
        let claims: @Sendable () throws -> Claims
        let request: @Sendable () throws -> ExchangeRequest
        let answer: String
    }

    static let rows: [Row] = [
        Row("the sample", { try .push() }, { try .role() }, "allow octo-repo"),
        Row("an event of the list", { try .push(#"{"event": "tag"}"#) }, { try .role() }, "allow octo-repo"),
        Row("the second rule's role", { try .push() }, { try .role("read") }, "allow octo-org"),
        Row("the second rule's region", { try .push() }, { try .role(region: "eu-west-1") }, "allow octo-org"),
        Row("the first rule for its region", { try .push() }, { try .role(region: "us-west-2") }, "allow octo-repo"),
        Row("the second rule's duration", { try .push() }, { try .role(seconds: 7200) }, "allow octo-org"),
        Row("nobody's role", { try .push() }, { try .role("admin") }, "role octo-repo"),
        Row("nobody's region", { try .push() }, { try .role(region: "sa-east-1") }, "region octo-repo"),
        Row("nobody's duration", { try .push() }, { try .role(seconds: 7201) }, "duration octo-repo"),
        Row("the furthest misfit counts", { try .push() }, { try .role("read", seconds: 9000) }, "duration octo-org"),
        Row(
            "another organisation", { try .push(#"{"repo_org": "evil", "sub": "repo:evil/octo-repo:x"}"#) },
            { try .role() },
            "denied -"),
        Row(
            "a longer sub at the front", { try .push(#"{"repo_org": "x", "sub": "xrepo:octo-org/octo-repo:y"}"#) },
            { try .role() }, "denied -"),
        Row(
            "an event off the list falls to the second rule", { try .push(#"{"event": "comment:created"}"#) },
            { try .role() }, "allow octo-org"),
        Row(
            "a step with commands", { try .push(#"{"commands": "true"}"#) }, { try .role("test", region: "us-east-1") },
            "region octo-org"),
        Row("a fork", { try .push(#"{"pull_fork": "true"}"#) }, { try .role("read") }, "denied never-from-forks"),
        Row(
            "a fork that asks for too much is denied first", { try .push(#"{"pull_fork": "true"}"#) },
            { try .role("admin") },
            "denied never-from-forks"),
        Row(
            "an unknown fork", { try .push(without: ["pull_fork"], unknown: ["pull_fork"]) }, { try .role("read") },
            "denied never-from-forks"),
        Row("an absent fork is none", { try .push(without: ["pull_fork"]) }, { try .role("read") }, "allow octo-org"),
        Row("a named policy", { try .push() }, { try .role(policy: .named("x")) }, "session_policy octo-repo"),
        Row(
            "a managed policy", { try .push() }, { try .role(managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]) },
            "session_policy octo-repo"),
    ]

    @Test(arguments: rows) func `the table of decisions holds`(_ row: Row) throws {
        let policy = try PolicySet.rules(Self.sample)
        #expect(policy.answer(try row.claims(), asking: try row.request()) == row.answer, "\(row.what)")
    }

    @Test func `rules bind the tokens of their issuer only`() throws {
        let policy = try PolicySet.rules(Self.sample)
        #expect(policy.answer(try .push(), from: "generic", asking: try .role()) == "denied -")
        #expect(policy.answer(try .push(), from: "nobody", asking: try .role()) == "denied -")
        #expect(policy.answer(try .push(#"{"pull_fork": "true"}"#), from: "generic", asking: try .role()) == "denied -")
    }

    @Test func `a deny without issuer binds every issuer`() throws {
        let policy = try PolicySet.rules(
            """
            [{"name": "all", "issuer": "generic", "condition": {"StringLike": {"sub": "a*"}},
              "roles": ["arn:aws:iam::123456123456:role/test"]},
             {"name": "stop", "effect": "deny", "condition": {"StringEquals": {"sub": "abc"}}}]
            """)
        #expect(policy.answer(try Claims(#"{"sub": "abd"}"#), from: "generic", asking: try .role()) == "allow all")
        #expect(policy.answer(try Claims(#"{"sub": "abc"}"#), from: "generic", asking: try .role()) == "denied stop")
    }

    @Test func `a grant has the rule's region, duration and session name`() throws {
        let policy = try PolicySet.rules(Self.sample)
        let plain = try policy.ruling(on: .push(), from: "vela", asking: .role(sessionName: "mine"), at: .loading)
        #expect(plain.region.description == "us-east-1")
        #expect(plain.duration == .seconds(3600))
        #expect(plain.sessionName.description == "octo-org.octo-repo-42")
        let asked = try policy.ruling(
            on: .push(), from: "vela", asking: .role(region: "us-west-2", seconds: 900), at: .loading)
        #expect(asked.region.description == "us-west-2")
        #expect(asked.duration == .seconds(900))
    }

    @Test func `without a template the caller's session name is used, and vela without either`() throws {
        let policy = try PolicySet.rules(Self.sample)
        let own = try policy.ruling(on: .push(), from: "vela", asking: .role("read", sessionName: "mine"), at: .loading)
        #expect(own.sessionName.description == "mine")
        let none = try policy.ruling(on: .push(), from: "vela", asking: .role("read"), at: .loading)
        #expect(none.sessionName.description == "vela")
    }

    @Test(arguments: [("900", 900), (#""2h""#, 3600), ("3600", 3600), (#""30m""#, 1800), (#""1800s""#, 1800)])
    func `a caller who asks for no duration gets an hour or the maximum`(_ maximum: String, _ seconds: Int64) throws {
        let policy = try Self.rule(#""max_duration": \#(maximum)"#)
        #expect(
            try policy.ruling(on: .push(), from: "vela", asking: .role(), at: .loading).duration == .seconds(seconds))
    }

    @Test func `a rule without max_duration gives an hour`() throws {
        let policy = try Self.rule(#""effect": "allow""#)
        #expect(policy.answer(try .push(), asking: try .role(seconds: 3600)) == "allow one")
        #expect(policy.answer(try .push(), asking: try .role(seconds: 3601)) == "duration one")
    }

    @Test func `a duration above the maximum names the maximum`() throws {
        let policy = try Self.rule(#""max_duration": "30m""#)
        #expect(throws: Refusal.durationNotAllowed(rule: "one", maximum: .seconds(1800))) {
            try policy.ruling(on: .push(), from: "vela", asking: .role(seconds: 1801), at: .loading)
        }
    }

    @Test func `without regions any of the role's partition will do`() throws {
        let policy = try Self.rule(#""effect": "allow""#)
        let standard = try policy.ruling(on: .push(), from: "vela", asking: .role(), at: .loading)
        #expect(standard.region.description == "us-east-1")
        #expect(policy.answer(try .push(), asking: try .role(region: "ap-south-1")) == "allow one")
        #expect(throws: Refusal.regionNotAllowed(rule: "one", allowed: ["us-east-1"])) {
            try policy.ruling(on: .push(), from: "vela", asking: .role(region: "cn-north-1"), at: .loading)
        }
    }

    @Test func `the region follows the role's partition`() throws {
        let policy = try PolicySet.rules(
            """
            [{"name": "both", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}},
              "roles": ["arn:aws:iam::123456123456:role/test", "arn:aws-cn:iam::123456123456:role/test"],
              "regions": ["eu-west-1", "cn-northwest-1"]}]
            """)
        let china = try policy.ruling(on: .push(), from: "vela", asking: .role(partition: "aws-cn"), at: .loading)
        #expect(china.region.description == "cn-northwest-1")
        #expect(throws: Refusal.regionNotAllowed(rule: "both", allowed: ["cn-northwest-1"])) {
            try policy.ruling(
                on: .push(), from: "vela", asking: .role(partition: "aws-cn", region: "eu-west-1"), at: .loading)
        }
    }

    @Test func `a template that the token does not fill refuses, and no later rule helps`() throws {
        let policy = try PolicySet.rules(
            """
            [{"name": "first", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}},
              "roles": ["arn:aws:iam::123456123456:role/test"], "session_name": "{custom_properties.team}"},
             {"name": "second", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}},
              "roles": ["arn:aws:iam::123456123456:role/test"]}]
            """)
        #expect(policy.answer(try .push(), asking: try .role()) == "allow first")
        #expect(policy.answer(try .push(without: ["custom_properties"]), asking: try .role()) == "denied first")
        #expect(
            policy.answer(try .push(#"{"custom_properties": {"team": ""}}"#), asking: try .role()) == "denied first")
        #expect(
            policy.answer(try .push(#"{"custom_properties": {"team": ["a"]}}"#), asking: try .role()) == "denied first")
    }

    @Test func `names and values are compared by bytes`() throws {
        let policy = try PolicySet.rules(
            """
            [{"name": "one", "issuer": "vela", "condition": {"StringEquals": {"branch": "caf\\u00e9"}},
              "roles": ["arn:aws:iam::123456123456:role/test"]}]
            """)
        #expect(policy.answer(try .push(#"{"branch": "caf\u00e9"}"#), asking: try .role()) == "allow one")
        #expect(policy.answer(try .push(#"{"branch": "cafe\u0301"}"#), asking: try .role()) == "denied -")
    }

    private static func rule(_ more: String) throws -> PolicySet {
        try .rules(
            """
            [{"name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}},
              "roles": ["arn:aws:iam::123456123456:role/test"], \(more)}]
            """)
    }
}

extension PolicyDecisionTests.Row {
    init(
        _ what: String, _ claims: @escaping @Sendable () throws -> Claims,
        _ request: @escaping @Sendable () throws -> ExchangeRequest, _ answer: String
    ) {
        self.init(what: what, claims: claims, request: request, answer: answer)
    }
}
