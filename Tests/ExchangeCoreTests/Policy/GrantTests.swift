import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// From a signed token to a grant: verifier and policy together.
@Suite struct GrantTests {
    private static let now = Timestamp(seconds: 1_767_323_045)

    private static func token(_ change: (VelaClaims) -> VelaClaims = { $0 }) async throws -> VerifiedToken {
        let issuer = try TestIssuer.vela()
        let verifier = TokenVerifier(
            issuers: [Issuer(name: "vela", url: issuer.url, audiences: ["sts.amazonaws.com"], kind: .vela)],
            fetch: FakeKeyFetch(issuer).closure, now: { now })
        return try await verifier.verify(try issuer.token(change(VelaClaims(at: now)).members))
    }

    @Test func `a verified token and a fitting request make a grant`() async throws {
        let policy = try PolicySet.rules(PolicyDecisionTests.sample)
        let grant = try policy.decide(
            try await Self.token(), asking: .role(region: "us-west-2", seconds: 900), at: .loading)
        #expect(grant.role.description == "arn:aws:iam::123456123456:role/test")
        #expect(grant.region.description == "us-west-2")
        #expect(grant.duration == .seconds(900))
        #expect(grant.sessionName.description == "octo-org.octo-repo-17")
        #expect(grant.sessionPolicy == nil)
        #expect(grant.managedPolicies.isEmpty)
        #expect(grant.rule == "octo-repo")
        #expect(grant.policyDigest == policy.digest)
    }

    @Test func `a session policy that the caller asks for is in the grant, or the request is refused`() async throws {
        let policy = try PolicySet.rules(PolicyDecisionTests.sample)
        let token = try await Self.token()
        let text = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#
        let grant = try policy.decide(token, asking: .role(policy: .inline(text)), at: .loading)
        #expect(grant.sessionPolicy == (try SessionPolicyDocument(parsing: text)).minified)
        let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        for request in [try ExchangeRequest.role(policy: .named("x")), try .role(managed: [arn])] {
            let refusal = #expect(throws: Refusal.self) { try policy.decide(token, asking: request, at: .loading) }
            guard case .sessionPolicyNotAllowed("octo-repo", _)? = refusal else {
                Issue.record("\(String(describing: refusal))")
                continue
            }
        }
        #expect(throws: Refusal.self) { try policy.decide(token, asking: .role(policy: .inline("{}")), at: .loading) }
    }

    @Test func `a token of an issuer that a reload replaced under the same name is refused`() async throws {
        let moved = PolicySet.twoIssuers.replacing("vela.example.com", with: "vela.example.org")
        let policy = try PolicyCompiler.compile(
            [
                try PolicySource(#"{"version": 1, "issuers": \#(moved), "rules": \#(PolicyDecisionTests.sample)}"#)
            ], at: .loading)
        let cause = "the policy no longer takes tokens of this issuer"
        let token = try await Self.token()
        #expect(throws: Refusal.policyDenied(rule: nil, cause: cause)) {
            try policy.decide(token, asking: .role(), at: .loading)
        }
    }

    @Test func `an old server's token without pull_fork is shut out by a deny on forks`() async throws {
        let policy = try PolicySet.rules(PolicyDecisionTests.sample)
        let token = try await Self.token { $0.with("pull_fork", nil) }
        #expect(throws: Refusal.policyDenied(rule: "never-from-forks", cause: "denied by this rule")) {
            try policy.decide(token, asking: .role(), at: .loading)
        }
    }

    @Test func `an old server's token without commands, with booleans and a colon, is the same caller`() async throws {
        let policy = try PolicySet.rules(PolicyDecisionTests.sample)
        let token = try await Self.token {
            $0.with("commands", nil).with("pull_fork", false).with("event", "push:").with(
                "build_number", .number(JSONNumber(17)))
        }
        #expect(
            try policy.decide(token, asking: .role(), at: .loading).sessionName.description == "octo-org.octo-repo-17")
    }

    @Test func `a step with commands is refused with the rule's test as the cause`() async throws {
        let policy = try PolicySet.rules(
            """
            [{"name": "one", "issuer": "vela", "condition": {"Bool": {"commands": false}},
              "roles": ["arn:aws:iam::123456123456:role/test"]}]
            """)
        let token = try await Self.token { $0.with("commands", "true") }
        let cause = "no allow rule's condition is met: one: Bool commands: the claim has another value"
        #expect(throws: Refusal.policyDenied(rule: nil, cause: cause)) {
            try policy.decide(token, asking: .role(), at: .loading)
        }
    }
}
