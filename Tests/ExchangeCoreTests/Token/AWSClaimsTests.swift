import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// Claims by which a token speaks to AWS, past the policy.
@Suite struct AWSClaimsTests {
    private let clock = ManualClock()

    private func verify(_ claim: String, passing: Bool = false) async throws -> VerifiedToken {
        let vela = try TestIssuer.vela()
        let issuer = Issuer(
            name: "vela", url: VelaClaims.issuer, audiences: ["sts.amazonaws.com"], kind: .vela,
            passesAWSClaims: passing)
        let verifier = TokenVerifier(issuers: [issuer], fetch: FakeKeyFetch(vela).closure, now: clock.closure)
        let tags = try JSONValue(parsing: #"{"principal_tags": {"Team": ["admins"]}}"#)
        var members = VelaClaims(at: clock.now).members
        members[claim] = tags
        return try await verifier.verify(try vela.token(members))
    }

    @Test(arguments: [
        "https://aws.amazon.com/tags", "https://aws.amazon.com/source_identity", "HTTPS://AWS.amazon.com/tags",
        "https://aws.amazon.com/",
    ])
    func `are refused`(claim: String) async throws {
        let refusal = await #expect(throws: Refusal.self) { try await verify(claim) }
        guard case .tokenClaims(let cause)? = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(cause.contains("would speak to AWS") && !cause.contains("admins"))
    }

    @Test func `pass where the issuer says so, and others always do`() async throws {
        _ = try await verify("https://aws.amazon.com/tags", passing: true)
        _ = try await verify("https://aws.amazon.com.example.com/tags")
        _ = try await verify("tags")
    }

    @Test func `the policy says which issuer may`() throws {
        let issuers = PolicySet.twoIssuers.replacing(
            #""claims": "generic""#, with: #""claims": "generic", "aws_claims": "pass""#)
        let source = try PolicySource(
            #"{"version": 1, "issuers": \#(issuers), "rules": \#(PolicyDecisionTests.sample)}"#)
        let policy = try PolicyCompiler.compile([source], at: .loading)
        #expect(policy.issuers.map(\.passesAWSClaims) == [false, true])
    }
}
