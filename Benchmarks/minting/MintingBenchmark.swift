import ExchangeCore
import Gateway
import StrictJSON

/// Times the minting of tokens with keys of both kinds, in turn, and prints medians.
@main struct MintingBenchmark {
    private static let tokens = 500

    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 21
        let algorithms: [SigningAlgorithm] = [.es256, .rs256]
        let minters = try algorithms.map(minter)
        var times: [[Duration]] = algorithms.map { _ in [] }
        for _ in 0..<rounds {
            for (index, minter) in minters.enumerated() { times[index].append(try time(of: minter)) }
        }
        for (algorithm, times) in zip(algorithms, times) {
            let median = times.sorted()[times.count / 2]
            let microseconds = median / .microseconds(1) / Double(tokens)
            print("\(algorithm.rawValue)  \((microseconds * 10).rounded() / 10) us a token")
        }
    }

    private static func minter(_ algorithm: SigningAlgorithm) throws -> TokenMinter {
        let key = try SigningKey(for: algorithm)
        return TokenMinter(
            issuer: "https://ci-issuer.example.com", now: Timestamp.now, signingKey: { () throws(Refusal) in key })
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
