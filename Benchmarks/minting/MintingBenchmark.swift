import ExchangeCore
import Gateway
import StrictJSON

/// Times the minting of tokens with keys of both kinds, in turn, and prints medians.
@main struct MintingBenchmark {
    private static let tokens = 500

    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 21
        let kinds: [(algorithm: SigningAlgorithm, minter: TokenMinter)] = try [.es256, .rs256].map { algorithm in
            let key = try SigningKey(for: algorithm)
            return (
                algorithm,
                TokenMinter(
                    issuer: "https://ci-issuer.example.com", now: Timestamp.now,
                    signingKey: { () throws(Refusal) in key })
            )
        }
        var times: [[Duration]] = kinds.map { _ in [] }
        for _ in 0..<rounds {
            for (index, kind) in kinds.enumerated() { times[index].append(try time(of: kind.minter)) }
        }
        for (kind, times) in zip(kinds, times) {
            let median = times.sorted()[times.count / 2]
            let microseconds = Double(median.attoseconds / 1_000_000) / 1e6 / Double(tokens)
            print("\(kind.algorithm.rawValue)  \((microseconds * 10).rounded() / 10) us a token")
        }
    }

    private static func time(of minter: TokenMinter) throws -> Duration {
        let claims = FederationClaims(
            subject: "repo:octo-org/octo-repo:ref:refs/heads/main:event:push", audience: "sts.amazonaws.com",
            tags: ["Repo", "Event", "Build", "Actor"].map {
                SessionTag(key: $0, value: "octo-org/octo-repo", isTransitive: true)
            }, sourceIdentity: "octo-org.octo-repo.42")
        return try ContinuousClock().measure {
            for _ in 0..<tokens { _ = try minter.mint(claims) }
        }
    }
}
