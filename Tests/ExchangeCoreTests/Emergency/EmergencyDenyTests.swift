import StrictJSON
import Testing

@testable import ExchangeCore

/// What an emergency document stops, and how it is refused.
@Suite struct EmergencyDenyTests {
    private static let url = "https://vela.example.com/_services/token"

    private static func compile(_ json: String) throws -> EmergencyDeny {
        try EmergencyCompiler.compile(try PolicySource(json, file: "emergency.yaml"))
    }

    private static func rules(_ rules: String) throws -> EmergencyDeny {
        try compile(#"{"version": 1, "rules": [\#(rules)]}"#)
    }

    private func answer(
        _ deny: EmergencyDeny, _ claims: Claims, from issuer: String = "vela", asking request: ExchangeRequest? = nil
    ) throws -> String? {
        deny.ruleDenying(claims, of: issuer, at: Self.url, asking: try request ?? .role())
    }

    @Test func `a rule stops the tokens that meet its condition, and no others`() throws {
        let deny = try Self.rules(
            #"{"name": "leak", "condition": {"StringEquals": {"repo": "octo-org/octo-repo", "build_number": "42"}}}"#)
        #expect(try answer(deny, .push()) == "leak")
        #expect(try answer(deny, .push(#"{"build_number": "43"}"#)) == nil)
        #expect(try answer(deny, .push(#"{"repo": "octo-org/other"}"#)) == nil)
        #expect(deny.ruleNames == ["leak"] && !deny.deniesAll)
    }

    @Test func `deny all stops everybody, by the name all`() throws {
        let deny = try Self.compile(#"{"version": 1, "deny": "all"}"#)
        #expect(try answer(deny, .push()) == "all")
        #expect(try answer(deny, Claims("{}"), from: "nobody") == "all")
        #expect(deny.ruleNames == ["all"] && deny.deniesAll)
        let both = try Self.compile(#"{"version": 1, "deny": "all", "rules": [{"name": "leak", "issuer": "other"}]}"#)
        #expect(try answer(both, .push()) == "all")
    }

    @Test func `an issuer is stopped by its name or its address, without a condition`() throws {
        for issuer in ["vela", Self.url] {
            let deny = try Self.rules(#"{"name": "vela-breached", "issuer": "\#(issuer)"}"#)
            #expect(try answer(deny, .push()) == "vela-breached")
            #expect(
                deny.ruleDenying(try .push(), of: "generic", at: "https://idp.example.com", asking: try .role()) == nil)
        }
    }

    @Test func `a role is stopped for everybody, by name or pattern`() throws {
        let deny = try Self.rules(#"{"name": "role", "roles": ["arn:aws:iam::123456123456:role/te*"]}"#)
        #expect(try answer(deny, .push(), asking: .role("test")) == "role")
        #expect(try answer(deny, .push(), asking: .role("read")) == nil)
    }

    /// Before the policy decides nobody knows the region that it would give.
    @Test func `a region that the request leaves open counts as meant`() throws {
        let deny = try Self.rules(#"{"name": "eu", "issuer": "vela", "regions": ["eu-west-1"]}"#)
        #expect(try answer(deny, .push(), asking: .role(region: "eu-west-1")) == "eu")
        #expect(try answer(deny, .push(), asking: .role(region: "us-east-1")) == nil)
        #expect(try answer(deny, .push(), asking: .role()) == "eu")
    }

    @Test func `a claim that cannot be read evades no rule`() throws {
        let deny = try Self.rules(#"{"name": "forks", "condition": {"Bool": {"pull_fork": true}}}"#)
        #expect(try answer(deny, .push()) == nil)
        #expect(try answer(deny, .push(without: ["pull_fork"], unknown: ["pull_fork"])) == "forks")
        #expect(try answer(deny, .push(#"{"pull_fork": {}}"#)) == "forks")
    }

    @Test func `the first rule that binds is named`() throws {
        let deny = try Self.rules(
            #"{"name": "a", "issuer": "other"}, {"name": "b", "issuer": "vela"}, {"name": "c", "issuer": "vela"}"#)
        #expect(try answer(deny, .push()) == "b")
    }

    @Test func `a deny rule of a policy can be copied, and an empty list denies nothing`() throws {
        let copied = try Self.rules(
            #"{"name": "copied", "effect": "deny", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}}"#
        )
        #expect(try answer(copied, .push()) == "copied")
        let empty = try Self.rules("")
        #expect(try answer(empty, .push()) == nil && empty.ruleNames.isEmpty)
    }

    @Test(arguments: [
        ("[]", "an emergency document is a mapping"), ("{}", "has no version"), (#"{"version": 1}"#, "it says nothing"),
        (#"{"version": 2, "deny": "all"}"#, "this gateway reads 1"),
        (#"{"version": 1, "deny": "everything"}"#, "deny can only be all"),
        (#"{"version": 1, "deny": ["all"]}"#, "deny is a single value"),
        (#"{"version": 1, "deny": null}"#, "deny has no value"),
        (#"{"version": 1, "rules": "all"}"#, "rules is a list"),
        (#"{"version": 1, "rules": null}"#, "rules is a list"),
        (#"{"version": 1, "rule": []}"#, "unknown key 'rule'"),
        (#"{"version": 1, "issuers": [], "deny": "all"}"#, "unknown key 'issuers'"),
        (#"{"version": 1, "rules": [{"issuer": "vela"}]}"#, "has no name"),
        (#"{"version": 1, "rules": [{"name": "a"}]}"#, "it would deny everybody; write deny: all"),
        (#"{"version": 1, "rules": [{"name": "all", "issuer": "vela"}]}"#, "a rule cannot be called all"),
        (#"{"version": 1, "rules": [{"name": "a", "issuer": "v"}, {"name": "a", "issuer": "v"}]}"#, "stands already"),
        (#"{"version": 1, "rules": [{"name": "a", "issuer": "vela", "effect": "allow"}]}"#, "can only deny"),
        (#"{"version": 1, "rules": [{"name": "a", "issuer": "vela", "effect": "alow"}]}"#, "effect is allow or deny"),
        (
            #"{"version": 1, "rules": [{"name": "a", "issuer": "vela", "condition": {}}]}"#,
            "condition is a mapping that"
        ),
        (#"{"version": 1, "rules": [{"name": "a", "issuer": "vela", "observe": {}}]}"#, "unknown key 'observe'"),
        (#"{"version": 1, "rules": [{"name": "a", "condition": {"StringEqals": {"repo": "x"}}}]}"#, "unknown operator"),
        (#"{"version": 1, "rules": [{"name": "a", "roles": ["test"]}]}"#, "is not the ARN of a role"),
        (
            #"{"version": 1, "rules": [{"name": "a", "issuer": "vela", "regions": ["mars"]}]}"#,
            "not the name of a region"
        ),
    ])
    func `what cannot be understood is a fault, not a smaller deny`(_ json: String, _ words: String) {
        let faults = #expect(throws: PolicyFaults.self) { try Self.compile(json) }
        #expect(faults?.description.contains(words) == true, "\(String(describing: faults))")
    }

    @Test func `every fault is told at once, with its place`() {
        let faults = #expect(throws: PolicyFaults.self) {
            try Self.rules(#"{"name": "a", "colour": 1}, {"name": "b", "issuer": "vela", "effect": "allow"}"#)
        }
        #expect(faults?.faults.count == 3, "\(String(describing: faults))")
        #expect(faults?.faults.allSatisfy { $0.file == "emergency.yaml" && $0.rule != nil && $0.line ?? 0 > 1 } == true)
    }

    @Test func `names that this policy does not know are doubted, and bind all the same`() throws {
        let policy = try PolicySet.rules(
            #"[{"name": "open", "issuer": "vela", "condition": {"StringEquals": {"repo_org": "octo-org"}}, "roles": ["arn:aws:iam::123456123456:role/test"]}]"#
        )
        let deny = try Self.rules(
            """
            {"name": "a", "issuer": "vella"}, {"name": "b", "issuer": "vela", "condition": {"StringEquals": {"reop": "x"}}},
            {"name": "c", "issuer": "vela", "condition": {"StringEquals": {"repo": "x"}}},
            {"name": "d", "condition": {"StringEquals": {"reop": "x"}}}, {"name": "e", "issuer": "\(Self.url)"}
            """)
        let doubts = deny.doubts(under: policy)
        #expect(doubts.count == 2, "\(doubts)")
        #expect(doubts.first == "rule a binds nobody: the policy has no issuer 'vella'")
        #expect(doubts.last == "rule b may bind nobody: Vela sends no claim 'reop'")
        #expect(deny.ruleDenying(try Claims("{}"), of: "vella", at: "", asking: try .role()) == "a")
    }

    @Test func `the digest is the document's SHA-256`() throws {
        let deny = try Self.compile(#"{"version": 1, "deny": "all"}"#)
        #expect(deny.digest == "f7750028c9f2c4c1e321c9e62626209335481dcca3eb26799e3b14b675341dce")
        #expect(try Self.compile(#"{"version": 1,  "deny": "all"}"#).digest != deny.digest)
    }
}
