import Crypto
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

@Suite struct TokenVerifierTests {
    private let clock = ManualClock()
    private var claims: VelaClaims { VelaClaims(at: clock.now) }

    private func verifier(_ issuers: Issuer..., keys: TestIssuer...) async -> TokenVerifier {
        let fetch = FakeKeyFetch()
        for issuer in keys { await fetch.serve(issuer) }
        return TokenVerifier(issuers: issuers, fetch: fetch.closure, now: clock.closure)
    }

    private func issuer(_ url: String = VelaClaims.issuer, skew: Duration = .seconds(30)) -> Issuer {
        Issuer(name: "vela", url: url, audiences: ["sts.amazonaws.com"], kind: .vela, skew: skew)
    }

    @Test func `says of a verified token what the policy and the audit need`() async throws {
        let vela = try TestIssuer.vela()
        let token = try vela.token(claims.members)
        let verified = try await verifier(issuer(), keys: vela).verify(token)
        let text = token.withBytes { String(decoding: [UInt8]($0), as: UTF8.self) }
        #expect(verified.issuer == "vela")
        #expect(verified.issuerURL == VelaClaims.issuer)
        #expect(verified.audience == "sts.amazonaws.com")
        #expect(verified.subject == "repo:octo-org/octo-repo:ref:refs/heads/main:event:push")
        #expect(verified.issuedAt == clock.now)
        #expect(verified.expiresAt == clock.now + .seconds(300))
        #expect(verified.keyID == "a")
        #expect(verified.tokenID == "0197f0a0-0000-7000-8000-000000000001")
        #expect(verified.digest == Self.hex(text))
        #expect(verified.signedDigest == Self.hex(text.split(separator: ".").prefix(2).joined(separator: ".")))
        #expect(verified.claims.string("repo_org") == "octo-org")
    }

    @Test func `a token whose signature was rewritten is still the same token`() async throws {
        let key = TestKey.p256()
        let vela = try TestIssuer(keys: [key])
        var configured = issuer()
        configured.algorithms = [.es256]
        let verifier = await verifier(configured, keys: vela)
        let token = try vela.token(claims.members, key: key)
        let first = try await verifier.verify(token)
        let second = try await verifier.verify(try token.withRewrittenSignature())
        #expect(first.digest != second.digest)
        #expect(first.signedDigest == second.signedDigest)
    }

    @Test func `an absent pull_fork is unknown, and false only where the issuer says so`() async throws {
        let vela = try TestIssuer.vela()
        let token = try vela.token(claims.with("pull_fork", nil).members)
        let path = try #require(ClaimPath(parsing: "pull_fork"))
        let unknown = try await verifier(issuer(), keys: vela).verify(token)
        #expect(unknown.claims[path] == .unknown)
        var stating = issuer()
        stating.absentPullForkIsFalse = true
        let stated = try await verifier(stating, keys: vela).verify(token)
        #expect(stated.claims[path] == .present("false"))
    }

    @Test func `never allows more than a minute of skew`() async throws {
        let vela = try TestIssuer.vela()
        let token = try vela.token(claims.members)
        let expiry = clock.now + .seconds(300)
        let verifier = await verifier(issuer(skew: .seconds(3600)), keys: vela)
        clock.advance(by: .seconds(359))
        _ = try await verifier.verify(token)
        clock.advance(by: .seconds(1))
        await #expect(throws: Refusal.tokenExpired(at: expiry)) { try await verifier.verify(token) }
        #expect(issuer(skew: .seconds(-5)).skew == .zero)
        var changed = issuer()
        changed.skew = .seconds(90)
        #expect(changed.skew == .seconds(60))
    }

    @Test func `names the audience that it expects`() async throws {
        let vela = try TestIssuer.vela()
        let token = try vela.token(claims.with("aud", ["other", 7]).members)
        await #expect(throws: Refusal.tokenAudience(seen: ["other", "a number"], expected: ["sts.amazonaws.com"])) {
            try await verifier(issuer(), keys: vela).verify(token)
        }
    }

    @Test func `names the key that it does not know, and its issuer`() async throws {
        let vela = try TestIssuer.vela()
        let token = try vela.token(claims.members, header: ["kid": "zzz"])
        await #expect(throws: Refusal.tokenUnknownKey(issuer: "vela", keyID: "zzz")) {
            try await verifier(issuer(), keys: vela).verify(token)
        }
    }

    @Test func `compares issuer and audience byte by byte, not as characters`() async throws {
        // U+212A, the Kelvin sign, equals K in Swift.
        let kelvin = "https://idp.example.com/\u{212A}"
        let speaker = try TestIssuer(kelvin, keys: [.rsa()])
        let configured = Issuer(name: "k", url: "https://idp.example.com/K", audiences: ["K"], kind: .generic)
        let verifier = await verifier(configured, keys: try TestIssuer(configured.url, keys: [.rsa()]))
        let foreign = try speaker.token(VelaClaims(issuer: kelvin, at: clock.now, audience: "K").members)
        await #expect(throws: Refusal.tokenUnknownIssuer(issuer: kelvin)) { try await verifier.verify(foreign) }
        let astray = try speaker.token(VelaClaims(issuer: configured.url, at: clock.now, audience: "\u{212A}").members)
        await #expect(throws: Refusal.tokenAudience(seen: ["\u{212A}"], expected: ["K"])) {
            try await verifier.verify(astray)
        }
    }

    @Test func `an issuer without algorithms takes no token`() async throws {
        let vela = try TestIssuer.vela()
        var closed = issuer()
        closed.algorithms = []
        let refusal = await refusal(of: try vela.token(claims.members), by: verifier(closed, keys: vela))
        #expect(refusal?.tokenCode == "token_signature_invalid")
    }

    @Test func `causes and names taken from a token are cut`() async throws {
        let vela = try TestIssuer.vela()
        let long = String(repeating: "é", count: 3000)
        let refusal = await refusal(
            of: try vela.token(claims.with("repo", .string(long)).members), by: verifier(issuer(), keys: vela))
        guard case .tokenClaims(let cause) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(cause.utf8.count < 600)
    }

    private func refusal(of token: Secret, by verifier: TokenVerifier) async -> Refusal? {
        do throws(Refusal) {
            _ = try await verifier.verify(token)
            return nil
        } catch {
            return error
        }
    }

    private static func hex(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).description.split(separator: " ").last.map(String.init) ?? ""
    }
}
