import ExchangeCore
import Foundation
import OutboundHTTP
import Secrets
import StrictJSON
import TestSupport
import Testing
import Threading

@testable import Gateway

/// Tokens of the gateway's own on their way to STS.
struct MintedTokenCallTests {
    private static let mark = MintedMark(tokenID: "jti", keyID: "kid")

    @Test func `each attempt has a token of its own, and the last is the one that is named`() async throws {
        let made = Lock(0)
        try await Self.withClient([.http(503, ""), .cut, .http(200, STSSamples.success)]) { (sts, client) in
            let outcome = try await client.assumeRole(try STSSamples.call(), before: .now + .seconds(3600)) {
                () throws(Refusal) in
                let number = made.withLock { made in
                    made += 1
                    return made
                }
                return PresentedToken(
                    secret: Secret("token-\(number)"), mark: MintedMark(tokenID: "jti-\(number)", keyID: "kid"))
            }
            #expect(outcome.attempts == 3 && outcome.minted == MintedMark(tokenID: "jti-3", keyID: "kid"))
            let tokens = sts.requests.map { $0.components(separatedBy: "WebIdentityToken=").last ?? "" }
            #expect(tokens == ["token-1", "token-2", "token-3"])
        }
    }

    @Test func `a refusal of AWS names the token that it refused`() async throws {
        try await Self.withClient([.http(403, STSSamples.error("AccessDenied"))]) { (_, client) in
            let failure = await Self.failure(of: client) { PresentedToken(secret: Secret("t"), mark: Self.mark) }
            #expect(failure?.minted == Self.mark && failure?.reachedSTS == true)
        }
    }

    @Test func `without a key that may sign nothing is sent, and a token for one use is not used up`() async throws {
        try await Self.withClient([.http(200, STSSamples.success)]) { (sts, client) in
            let failure = await Self.failure(of: client) { () throws(Refusal) in
                throw .issuerUnpublished(cause: "no key")
            }
            #expect(failure?.refusal == .issuerUnpublished(cause: "no key") && failure?.reachedSTS == false)
            #expect(sts.requests.isEmpty)
        }
    }

    @Test func `never travels in the clear off loopback`() async throws {
        let plain = try OutboundURL(parsing: "http://sts.example.com", allowingPlaintext: true)
        let http = try OutboundHTTPClient(configuration: OutboundConfiguration(userAgent: "test/1"))
        let client = STSClient(
            by: http.send, endpoints: STSEndpoints(override: plain),
            surroundings: STSClient.Surroundings(now: { STSSamples.now }))
        let failure = await Self.failure(of: client) { PresentedToken(secret: Secret("t"), mark: Self.mark) }
        #expect(failure?.refusal == .invalidRequest("\(STSEndpointError.plaintext)") && failure?.reachedSTS == false)
        await http.shutdown()
    }

    private static func failure(
        of client: STSClient, presenting token: () throws(Refusal) -> PresentedToken
    ) async -> STSFailure? {
        do {
            _ = try await client.assumeRole(
                try STSSamples.call(), before: .now + .seconds(3600), attempts: 1, presenting: token)
            return nil
        } catch {
            return error as? STSFailure
        }
    }

    private static func withClient(
        _ answers: [ScriptedSTS.Answer], _ body: (ScriptedSTS, STSClient) async throws -> Void
    ) async throws {
        let sts = try ScriptedSTS(answers)
        defer { sts.stop() }
        let http = try OutboundHTTPClient(configuration: OutboundConfiguration(userAgent: "test/1"))
        let client = STSClient(
            by: http.send, endpoints: STSEndpoints(override: try OutboundURL(parsing: sts.url)),
            surroundings: STSClient.Surroundings(now: { STSSamples.now }, sleep: { _ in }))
        do {
            try await body(sts, client)
            await http.shutdown()
        } catch {
            await http.shutdown()
            throw error
        }
    }
}
