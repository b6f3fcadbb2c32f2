import ExchangeAPI
import ExchangeCore
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The prober's key, and the tokens it makes, judged by the verifier of the service.
struct ProbeKeyTests {
    /// TEST-ONLY, made by openssl. The thumbprint was computed by hashlib from openssl's own numbers.
    private static let sec1 = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEILIdBmtLCH/Vlse1+Hvj/UJSJlgkdFZOxg/r/a4ux8aboAoGCCqGSM49
        AwEHoUQDQgAEiGyokCyjmfOnmMVmxSZwOD7wmI2pOKqjJxxcFXZJFGLLEAQC/r3S
        3/xSFM5FrG7kSC9PpIOz+mutZaYwCd3dWw==
        -----END EC PRIVATE KEY-----
        """
    private static let pkcs8 = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsh0Ga0sIf9WWx7X4
        e+P9QlImWCR0Vk7GD+v9ri7HxpuhRANCAASIbKiQLKOZ86eYxWbFJnA4PvCYjak4
        qqMnHFwVdkkUYssQBAL+vdLf/FIUzkWsbuRIL0+kg7P6a61lpjAJ3d1b
        -----END PRIVATE KEY-----
        """
    private static let thumbprint = "0jIHI6omS9_hiwMpSftexDxsrbkzjZ_P4rsp21DXdek"

    @Test(arguments: [sec1, pkcs8, pkcs8 + "\n"])
    func `reads openssl's keys and names them by their thumbprint`(pem: String) throws {
        let key = try ProbeKey(pem: Secret(pem))
        #expect(key.keyID == Self.thumbprint)
        let members = try #require(try JSONValue(parsing: key.keySet).object?["keys"]?.array?.first?.object)
        #expect(members["x"] == "iGyokCyjmfOnmMVmxSZwOD7wmI2pOKqjJxxcFXZJFGI" && members["d"] == nil)
        #expect(members["kid"] == .string(Self.thumbprint))
        #expect(try ProbeKey(pem: key.pem).keyID == Self.thumbprint)
    }

    @Test func `refuses what is no such key, without quoting it`() throws {
        let p384 = "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----"
        for text in ["", "CANARY", p384] {
            let error = #expect(throws: StartFailure.self) { try ProbeKey(pem: Secret(text)) }
            let words = try #require(error?.description)
            #expect(words.contains("probe new-key") && !words.contains("CANARY"))
        }
    }

    @Test func `the verifier takes the good token, and refuses each other for its own reason`() async throws {
        let clock = ManualClock()
        let own = ProbeIssuer(
            key: ProbeKey(), url: "https://prober.example.com", audience: "prober", subject: "probe")
        let verifier = TokenVerifier(
            issuers: [
                Issuer(
                    name: "prober", url: own.url, audiences: [own.audience], kind: .generic, algorithms: [.es256],
                    skew: .seconds(60), keySource: .staticKeys(own.key.keySet))
            ], fetch: FakeKeyFetch().closure, now: clock.closure)
        let good = try await verifier.verify(own.token(at: clock.now))
        #expect(good.subject == "probe" && good.keyID == own.key.keyID)
        #expect(good.expiresAt - good.issuedAt == ProbeIssuer.tokenLife)
        let next = try await verifier.verify(own.token(at: clock.now))
        #expect(next.tokenID != nil && next.tokenID != good.tokenID)

        func refusal(_ token: Secret) async -> Refusal? {
            do throws(Refusal) { _ = try await verifier.verify(token) } catch { return error }
            return nil
        }
        #expect(await refusal(try own.expiredToken(at: clock.now))?.problem.code == .tokenExpired)
        #expect(await refusal(try own.token(at: clock.now, "aud", "other"))?.problem.code == .tokenAudience)
        #expect(
            await refusal(try own.token(at: clock.now, "iss", "https://a.example"))?.problem.code == .tokenUnknownIssuer
        )
        // The refusal must not come from an unknown kid: that would be another check.
        #expect(await refusal(try own.forgedToken(at: clock.now))?.problem.code == .tokenSignatureInvalid)
    }
}
