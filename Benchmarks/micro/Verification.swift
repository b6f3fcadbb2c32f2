import ExchangeCore
import Secrets
import TestSupport

/// The verification of a token that was not seen before, the issuer's keys known.
struct Verification: Subject {
    let name: String
    let operations = 200
    private let tokens: [Secret]
    private let issuer: TestIssuer
    private let algorithm: SigningAlgorithm
    private var verifier: TokenVerifier

    /// Tokens signed by `key`.
    init(_ name: String, by key: TestKey) throws {
        self.name = name
        let issuer = try TestIssuer(keys: [key])
        tokens = try Samples.tokens(operations, of: issuer)
        self.issuer = issuer
        algorithm = key.algorithm
        verifier = Self.verifier(of: issuer, algorithm)
    }

    /// A new verifier, so that one that remembers tokens has seen none of these.
    mutating func prepare() async throws {
        verifier = Self.verifier(of: issuer, algorithm)
        let first = try issuer.token(VelaClaims(at: Samples.now).with("jti", "the one that reads the keys").members)
        _ = try await verifier.verify(first)
    }

    func run() async throws {
        for token in tokens { _ = try await verifier.verify(token) }
    }

    private static func verifier(of issuer: TestIssuer, _ algorithm: SigningAlgorithm) -> TokenVerifier {
        let configured = Issuer(
            name: "vela", url: issuer.url, audiences: ["sts.amazonaws.com"], kind: .vela, algorithms: [algorithm],
            keySource: .staticKeys(issuer.keySet))
        return TokenVerifier(issuers: [configured], fetch: FakeKeyFetch().closure, now: { Samples.now })
    }
}
