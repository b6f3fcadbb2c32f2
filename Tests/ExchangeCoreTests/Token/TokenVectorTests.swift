import ExchangeCore
import Secrets
import StrictJSON
import TestSupport
import Testing

/// The tokens in Vectors/tokens, good and hostile.
@Suite struct TokenVectorTests {
    static let generic = "https://idp.example.com"

    @Test(arguments: try TokenVector.all())
    func `every token of the vectors gets its answer`(_ vector: TokenVector) async throws {
        let fetch = try await Self.fetch(for: vector)
        let verifier = TokenVerifier(issuers: Self.issuers(for: vector), fetch: fetch.closure, now: { vector.now })
        let result = await Self.verify(Secret(vector.token.span), with: verifier)
        switch result {
        case .success(let token):
            #expect(vector.expected == "ok")
            for member in vector.claims.members {
                #expect(Self.claim(member.name, of: token.claims) == member.value, "\(member.name)")
            }
        case .failure(let refusal): #expect(refusal.tokenCode == vector.expected, "\(refusal)")
        }
        let requests = await fetch.requests
        #expect(requests.allSatisfy { $0.hasPrefix(VelaClaims.issuer + "/") || $0.hasPrefix(Self.generic + "/") })
        // What is refused for its form or its issuer must not make us ask anybody.
        if ["token_missing", "token_malformed", "token_unknown_issuer"].contains(vector.expected) {
            #expect(requests.isEmpty)
        }
    }

    @Test func `there are many hostile tokens and some good ones`() throws {
        let vectors = try TokenVector.all()
        #expect(vectors.count { $0.expected != "ok" } >= 250)
        #expect(vectors.count { $0.expected == "ok" } >= 25)
    }

    private static func issuers(for vector: TokenVector) -> [Issuer] {
        let audiences = ["sts.amazonaws.com"]
        return [
            Issuer(
                name: "vela", url: VelaClaims.issuer, audiences: audiences, kind: .vela, maximumTokenAge: .seconds(600),
                absentPullForkIsFalse: vector.absentPullForkIsFalse),
            Issuer(
                name: "generic", url: generic, audiences: audiences, kind: .generic,
                algorithms: Set(SigningAlgorithm.allCases)),
        ]
    }

    private static func fetch(for vector: TokenVector) async throws -> FakeKeyFetch {
        let fetch = FakeKeyFetch()
        for (url, keys) in [(VelaClaims.issuer, vector.velaKeys), (generic, vector.genericKeys)] {
            let issuer = try TestIssuer(url, keys: [])
            await fetch.serve(issuer)
            await fetch.serve(try Vectors.bytes("keysets", keys + ".json"), at: issuer.keysURL)
        }
        return fetch
    }

    private static func verify(_ token: Secret, with verifier: TokenVerifier) async -> Result<VerifiedToken, Refusal> {
        do throws(Refusal) {
            return .success(try await verifier.verify(token))
        } catch {
            return .failure(error)
        }
    }

    /// Null for a claim that is absent or unknown.
    private static func claim(_ name: String, of claims: Claims) -> JSONValue? {
        guard let path = ClaimPath(parsing: name) else { return nil }
        return switch claims[path] {
        case .present(let value): value
        case .absent, .unknown, .unfit: .null
        }
    }
}
