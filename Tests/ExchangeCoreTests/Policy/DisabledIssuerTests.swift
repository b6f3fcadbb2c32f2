import StrictJSON
import TestSupport
import Testing
import Threading

@testable import ExchangeCore

/// An issuer with `disabled: true`.
@Suite struct DisabledIssuerTests {
    private let clock = ManualClock()

    private static func policy(_ more: String) throws -> PolicySet {
        let source = try PolicySource(
            """
            {"version": 1,
             "issuers": [{"name": "vela", "url": "https://vela.example.com/_services/token", "audiences": ["sts.amazonaws.com"],
                          "claims": "vela"\(more)}],
             "rules": [{"name": "open", "issuer": "vela", "condition": {"StringEquals": {"repo_org": "octo-org"}},
                        "roles": ["arn:aws:iam::123456123456:role/test"]}]}
            """)
        return try PolicyCompiler.compile([source], at: .loading)
    }

    private func issuer(isDisabled: Bool) -> Issuer {
        Issuer(
            name: "vela", url: VelaClaims.issuer, audiences: ["sts.amazonaws.com"], kind: .vela, isDisabled: isDisabled)
    }

    @Test func `its tokens get nothing, and the reason is its own`() throws {
        let refusal = #expect(throws: Refusal.self) {
            try Self.policy(#", "disabled": true"#).ruling(
                on: try .push(), from: "vela", asking: try .role(), at: .loading)
        }
        #expect(refusal == .tokenIssuerDisabled(issuer: "vela"))
        #expect(try Self.policy(#", "disabled": false"#).answer(.push(), asking: .role()) == "allow open")
    }

    @Test func `it says true or false, or the policy does not load`() {
        let faults = #expect(throws: PolicyFaults.self) { try Self.policy(#", "disabled": "yes""#) }
        #expect(faults?.description.contains("disabled is true or false") == true)
    }

    @Test func `to take its tokens again is a bound that is lost, to stop them is none`() throws {
        let (disabled, enabled) = (try Self.policy(#", "disabled": true"#), try Self.policy(""))
        #expect(disabled.losses(to: enabled) == [PolicyLoss(kind: .disabled, rule: "vela")])
        #expect(enabled.losses(to: disabled).isEmpty && disabled.losses(to: disabled).isEmpty)
    }

    @Test func `none of its keys is fetched, by the loop or for a token`() async throws {
        let vela = try TestIssuer.vela()
        let fetch = FakeKeyFetch(vela)
        let verifier = TokenVerifier(issuers: [issuer(isDisabled: true)], fetch: fetch.closure, now: clock.closure)
        let turns = Lock(0)
        await verifier.refreshLoop { _ in
            let turn = turns.withLock { turns in
                turns += 1
                return turns
            }
            if turn == 3 { throw CancellationError() }
        }
        let token = try vela.token(VelaClaims(at: clock.now).members)
        await #expect(throws: Refusal.tokenIssuerDisabled(issuer: "vela")) { try await verifier.verify(token) }
        #expect(await fetch.requests.isEmpty)
        let state = try #require(verifier.keySetStates.first)
        #expect(state.isDisabled && !state.isUsable && state.fetches == 0)
    }

    @Test func `it is stopped with keys that are known, and taken again without a new start`() async throws {
        let vela = try TestIssuer.vela()
        let fetch = FakeKeyFetch(vela)
        let verifier = TokenVerifier(issuers: [issuer(isDisabled: false)], fetch: fetch.closure, now: clock.closure)
        let token = try vela.token(VelaClaims(at: clock.now).members)
        _ = try await verifier.verify(token)
        verifier.update(issuers: [issuer(isDisabled: true)])
        await #expect(throws: Refusal.tokenIssuerDisabled(issuer: "vela")) { try await verifier.verify(token) }
        verifier.update(issuers: [issuer(isDisabled: false)])
        _ = try await verifier.verify(token)
        #expect(await fetch.requests.count == 2)
    }
}
