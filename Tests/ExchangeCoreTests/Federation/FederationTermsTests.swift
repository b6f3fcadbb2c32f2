import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// What the gateway's own token will say, and when there will be none.
@Suite struct FederationTermsTests {
    private static let tagged = #"""
        , "tags": {"Repo": "{repo}", "Event": {"value": "{event}", "transitive": true}, "Stage": "prod"},
        "source_identity": "{repo_org}.{repo_name}.{build_number}", "pin_role": true
        """#

    @Test func `forwards unless the policy or the rule says otherwise`() throws {
        let silent = try FederationPolicy.compile(FederationPolicy.json(FederationPolicy.rule(mode: nil)))
        #expect(try silent.federation(.forGateway()) == .forward)
        let forward = try FederationPolicy.compile(
            FederationPolicy.json(
                FederationPolicy.rule(mode: "forward"), FederationPolicy.rule("two", mode: nil, role: "other"),
                issuers: [FederationPolicy.issuer(audiences: [FederationPolicy.gateway, FederationPolicy.aws])],
                top: #", "federation": "issuer""#))
        #expect(try forward.federation(.push()) == .forward)
        #expect(try forward.federation(.forGateway(), role: "other").mode == .issuer)
    }

    @Test func `says what the rule's templates say, and nothing besides`() throws {
        let policy = try FederationPolicy.compile(FederationPolicy.json(FederationPolicy.rule(more: Self.tagged)))
        let claims = try #require(try policy.federation(.forGateway()).claims)
        #expect(
            claims
                == FederationClaims(
                    subject: "repo:octo-org/octo-repo:ref:refs/heads/main:event:push", audience: "sts.amazonaws.com",
                    tags: [
                        SessionTag(key: "Repo", value: "octo-org/octo-repo", isTransitive: false),
                        SessionTag(key: "Event", value: "push", isTransitive: true),
                        SessionTag(key: "Stage", value: "prod", isTransitive: false),
                    ], sourceIdentity: "octo-org.octo-repo.42",
                    pinnedRole: RoleARN(parsing: "arn:aws:iam::123456123456:role/test")))
        let plain = try FederationPolicy.compile(
            FederationPolicy.json(
                FederationPolicy.rule(), top: #", "federation": {"mode": "issuer", "audience": "aws.example"}"#))
        let bare = try #require(try plain.federation(.forGateway()).claims)
        #expect(bare.tags.isEmpty && bare.sourceIdentity == nil && bare.pinnedRole == nil)
        #expect(bare.audience == "aws.example")
    }

    @Test func `tells issuers apart by the subject's front`() throws {
        let issuers = [FederationPolicy.issuer("vela"), FederationPolicy.issuer("second")]
        let policy = try FederationPolicy.compile(
            FederationPolicy.json(
                FederationPolicy.rule(), FederationPolicy.rule("two", issuer: "second"),
                FederationPolicy.rule("three", issuer: "second", role: "own", more: #", "subject": "{issuer}:{repo}""#),
                issuers: issuers))
        let subjects = try [
            policy.federation(.forGateway(), from: "vela"), policy.federation(.forGateway(), from: "second"),
            policy.federation(.forGateway(), from: "second", role: "own"),
        ].map { $0.claims?.subject }
        let sub = "repo:octo-org/octo-repo:ref:refs/heads/main:event:push"
        #expect(subjects == ["vela:" + sub, "second:" + sub, "second:octo-org/octo-repo"])
    }

    @Test func `an issuer whose rules all forward does not change the others' subjects`() throws {
        let policy = try FederationPolicy.compile(
            FederationPolicy.json(
                FederationPolicy.rule(), FederationPolicy.rule("two", issuer: "second", mode: "forward"),
                issuers: [FederationPolicy.issuer(), FederationPolicy.issuer("second", audiences: ["any"])]))
        #expect(try policy.federation(.forGateway()).claims?.subject.hasPrefix("repo:") == true)
    }

    /// Rule, changes of the claims, and the cause, which names the key of the rule and the claim.
    @Test(arguments: [
        (
            #""tags": {"Team": "{custom_properties.team}"}"#, #"{"custom_properties": {}}"#,
            "tags.Team: the claim custom_properties.team is missing"
        ),
        (
            #""tags": {"Team": "{custom_properties.team}"}"#, #"{"custom_properties": {"team": ""}}"#,
            "tags.Team: the claim custom_properties.team is empty"
        ),
        (
            #""tags": {"Team": "{custom_properties.team}"}"#, #"{"custom_properties": {"team": ["a", "b"]}}"#,
            "tags.Team: the claim custom_properties.team is not a text"
        ),
        (
            #""tags": {"Ref": "{ref}"}"#, #"{"ref": "refs/heads/a;b"}"#,
            "tags.Ref: what the claim ref gives holds a character that AWS does not take; it takes letters, digits, spaces and _.:/=+-@"
        ),
        (
            #""tags": {"Ref": "{ref}"}"#, #"{"ref": "refs/heads/a\nb"}"#,
            "tags.Ref: what the claim ref gives holds a character that AWS does not take; it takes letters, digits, spaces and _.:/=+-@"
        ),
        (
            #""tags": {"Ref": "{ref}"}"#, #"{"ref": "\#(String(repeating: "x", count: 257))"}"#,
            "tags.Ref: what the claim ref gives is 257 characters long; AWS takes 1 to 256"
        ),
        (
            #""tags": {"Who": "{repo_org}-{repo_name}"}"#, #"{"repo_org": "a-b", "repo_name": "c"}"#,
            "tags.Who: what the claims [repo_org, repo_name] gives can be read as other values of them; take fewer claims"
        ),
        (
            #""subject": "{repo}""#, #"{"repo": "a/b"}"#,
            "subject: what the claim repo gives is 3 characters long; AWS takes 6 to 255"
        ),
        (
            #""subject": "{sub}""#, #"{"sub": "repo:o/r:\u0000"}"#,
            "subject: what the claim sub gives holds a character that AWS does not take; it takes no control characters"
        ),
        (
            #""subject": "repo:{branch}:{event}""#, #"{"branch": "x:y"}"#,
            "subject: what the claims [branch, event] gives can be read as other values of them; take fewer claims"
        ),
        (
            #""source_identity": "{custom_properties.team}""#, #"{"custom_properties": {}}"#,
            "source_identity: the claim custom_properties.team is missing"
        ),
    ])
    func `refuses what a claim does not fill, and names rule and claim`(
        _ more: String, _ changes: String, _ cause: String
    ) throws {
        let policy = try FederationPolicy.compile(
            FederationPolicy.json(FederationPolicy.rule(more: ", " + more)))
        #expect(try policy.refusal(.forGateway(changes)) == .policyDenied(rule: "one", cause: cause))
    }

    @Test func `a value at the limits is taken as it is`() throws {
        let policy = try FederationPolicy.compile(
            FederationPolicy.json(FederationPolicy.rule(more: #", "tags": {"Ref": "{ref}"}"#)))
        for value in [String(repeating: "x", count: 256), "ü é_.:/=+-@ 7", "名前", " "] {
            let claims = try Claims.forGateway(
                String(decoding: JSONValue.object(["ref": .string(value)]).bytes, as: UTF8.self))
            #expect(
                try policy.federation(claims).claims?.tags == [
                    SessionTag(key: "Ref", value: value, isTransitive: false)
                ])
        }
    }

    @Test func `a source identity that does not show its values ends in a hash, as a session name does`() throws {
        let policy = try FederationPolicy.compile(
            FederationPolicy.json(FederationPolicy.rule(more: #", "source_identity": "{repo}""#)))
        let identities = try ["octo-org/octo-repo", "octo-org-octo-repo", "octo.org/octo-repo"].map {
            try policy.federation(.forGateway(#"{"repo": "\#($0)"}"#)).claims?.sourceIdentity ?? ""
        }
        #expect(identities[0].hasPrefix("octo-org-octo-repo=") && identities[0].count == 18 + 17)
        #expect(identities[1] == "octo-org-octo-repo")
        #expect(Set(identities).count == 3)
    }
}
