import StrictJSON
import Testing

@testable import ExchangeCore

/// What a deny binds, and where its doubts fall.
@Suite struct DenyRuleTests {
    private static func policy(_ deny: String) throws -> PolicySet {
        try .rules(
            """
            [{"name": "open", "issuer": "vela", "condition": {"StringEquals": {"repo_org": "octo-org"}},
              "roles": ["arn:aws:iam::123456123456:role/test", "arn:aws:iam::123456123456:role/read"],
              "regions": ["us-east-1", "eu-west-1"]},
             {"name": "shut", "effect": "deny", "issuer": "vela", \(deny)}]
            """)
    }

    private static let push = #""condition": {"StringEquals": {"event": "push"}}"#

    @Test func `a deny stands before every allow, wherever it is written`() throws {
        #expect(try Self.policy(Self.push).answer(.push(), asking: .role()) == "denied shut")
        #expect(try Self.policy(Self.push).answer(.push(#"{"event": "tag"}"#), asking: .role()) == "allow open")
    }

    @Test func `a deny with roles binds only those`() throws {
        let policy = try Self.policy(#"\#(Self.push), "roles": ["arn:aws:iam::123456123456:role/read"]"#)
        #expect(policy.answer(try .push(), asking: try .role("read")) == "denied shut")
        #expect(policy.answer(try .push(), asking: try .role("test")) == "allow open")
    }

    @Test func `a deny with regions binds only those`() throws {
        let policy = try Self.policy(#"\#(Self.push), "regions": ["eu-west-1"]"#)
        #expect(policy.answer(try .push(), asking: try .role(region: "eu-west-1")) == "denied shut")
        #expect(policy.answer(try .push(), asking: try .role(region: "us-east-1")) == "allow open")
        #expect(policy.answer(try .push(), asking: try .role()) == "allow open")
    }

    @Test func `a deny sees the region that the allow rule would give`() throws {
        let policy = try Self.policy(#"\#(Self.push), "regions": ["us-east-1"]"#)
        #expect(policy.answer(try .push(), asking: try .role()) == "denied shut")
    }

    /// Each doubt, in an allow and in a deny: the same condition on the same token never opens a door.
    @Test(arguments: [
        // claim there, of this value
        (#"{"custom_properties": {"team": "octo"}}"#, "met"), (#"{"custom_properties": {"team": "other"}}"#, "not"),
        // absent: nobody's door, nobody's bar
        (#"{"custom_properties": {}}"#, "not"), (#"{"custom_properties": {"team": []}}"#, "not"),
        // several values: any of them
        (#"{"custom_properties": {"team": ["a", "octo"]}}"#, "met"),
        (#"{"custom_properties": {"team": ["a", "b"]}}"#, "not"),
        // of another type: shut both ways
        (#"{"custom_properties": {"team": 1}}"#, "doubt"), (#"{"custom_properties": {"team": null}}"#, "doubt"),
        (#"{"custom_properties": {"team": true}}"#, "doubt"),
        (#"{"custom_properties": {"team": {"x": "octo"}}}"#, "doubt"),
        (#"{"custom_properties": {"team": ["octo", 1]}}"#, "doubt"),
        (#"{"custom_properties": {"team": [["octo"]]}}"#, "doubt"),
        (#"{"custom_properties": "octo"}"#, "doubt"), (#"{"custom_properties": ["octo"]}"#, "doubt"),
    ])
    func `a doubtful claim opens no door and evades no deny`(_ claims: String, _ expected: String) throws {
        for condition in [
            #"{"StringEquals": {"custom_properties.team": "octo"}}"#,
            #"{"StringLike": {"custom_properties.team": "oct?"}}"#,
        ] {
            let allow = try PolicySet.rules(
                """
                [{"name": "open", "issuer": "vela", "condition": \(condition),
                  "roles": ["arn:aws:iam::123456123456:role/test"]}]
                """)
            let isAllowed = allow.answer(try .push(claims), asking: try .role()) == "allow open"
            #expect(isAllowed == (expected == "met"))
            let deny = try Self.policy(#""condition": \#(condition)"#)
            let isDenied = deny.answer(try .push(claims), asking: try .role()) == "denied shut"
            #expect(isDenied == (expected != "not"))
        }
    }

    @Test(arguments: [
        (#"{"pull_fork": true}"#, true), (#"{"pull_fork": "true"}"#, true), (#"{"pull_fork": false}"#, false),
        (#"{"pull_fork": "false"}"#, false), (#"{"pull_fork": "True"}"#, true), (#"{"pull_fork": 1}"#, true),
        (#"{"pull_fork": ""}"#, true), (#"{"pull_fork": "truе"}"#, true),
    ])
    func `a boolean is true, false, or a reason to deny`(_ claims: String, _ isDenied: Bool) throws {
        let policy = try Self.policy(#""condition": {"Bool": {"pull_fork": true}}"#)
        #expect(policy.answer(try .push(claims), asking: try .role()) == (isDenied ? "denied shut" : "allow open"))
    }

    @Test(arguments: [#"{"pull_fork": "True"}"#, #"{"pull_fork": 0}"#, #"{"pull_fork": ""}"#, #"{"pull_fork": null}"#])
    func `an allow takes no boolean that is none`(_ claims: String) throws {
        let policy = try PolicySet.rules(
            """
            [{"name": "open", "issuer": "vela", "condition": {"Bool": {"pull_fork": false}},
              "roles": ["arn:aws:iam::123456123456:role/test"]}]
            """)
        #expect(policy.answer(try .push(claims), asking: try .role()) == "denied -")
        #expect(policy.answer(try .push(without: ["pull_fork"]), asking: try .role()) == "denied -")
        #expect(
            policy.answer(try .push(without: ["pull_fork"], unknown: ["pull_fork"]), asking: try .role()) == "denied -")
        #expect(policy.answer(try .push(), asking: try .role()) == "allow open")
    }

    @Test func `every test of a condition must be met, in a deny too`() throws {
        let policy = try Self.policy(
            #""condition": {"StringEquals": {"event": "push", "branch": "main"}, "Bool": {"commands": false}}"#)
        #expect(policy.answer(try .push(), asking: try .role()) == "denied shut")
        for change in [#"{"event": "tag"}"#, #"{"branch": "dev"}"#, #"{"commands": "true"}"#] {
            #expect(policy.answer(try .push(change), asking: try .role()) == "allow open", "\(change)")
        }
    }

    @Test func `a reload can tell which denies are lost`() throws {
        let old = try Self.policy(Self.push)
        let lost = [PolicyLoss(kind: .deny, rule: "shut")]
        #expect(old.losses(to: try Self.policy(Self.push)).isEmpty)
        #expect(old.losses(to: try Self.policy(#""condition": {"StringEquals": {"event": "tag"}}"#)) == lost)
        #expect(old.losses(to: try .rules(PolicyDecisionTests.sample)) == lost)
    }
}
