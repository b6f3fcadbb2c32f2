import TestSupport
import Testing

@testable import ExchangeCore

/// Holds the proof against an evaluator of IAM policies: what was proved to be contained is contained.
@Suite struct CeilingOracleTests {
    /// What one run has seen.
    private struct Tally {
        var refused = 0
        var proved = 0
        /// Cases that were not proved, and in which the request does reach beyond the ceiling.
        var breaches = 0
        var pairsOfProved = 0
    }

    private static let seed = 2026
    private static let count = 20_000

    @Test(.enabled(if: PythonScript.isAvailable, "there is no .venv: run Scripts/install-dependencies test"))
    func `what it proves, the oracle finds contained, and it proves every narrowing`() throws {
        let arguments = ["--seed", String(Self.seed), "--count", String(Self.count)]
        let cases = try PythonScript("Tests/Oracle/generate_ceilings.py").lines(arguments).map(CeilingCase.init(line:))
        try #require(cases.count == Self.count)
        var tally = Tally()
        for item in cases {
            // The first failure, with all that is needed to see it again.
            guard let failure = failure(in: item, &tally) else { continue }
            Issue.record(
                "case \(item.id) of seed \(Self.seed): \(failure)\nceiling \(item.ceiling)\nrequest \(item.request)")
            return
        }
        #expect(tally.refused * 10 < cases.count * 3, "\(tally)")
        #expect(tally.pairsOfProved >= 100_000, "\(tally)")
        // A generator that never leaves the ceiling would prove nothing.
        #expect(tally.breaches > 1000, "\(tally)")
    }

    private func failure(in item: CeilingCase, _ tally: inout Tally) -> String? {
        let excess: SessionPolicyExcess?
        do throws(SessionPolicyFault) {
            let ceiling = try SessionPolicyCeiling(SessionPolicyDocument(parsing: item.ceiling))
            excess = ceiling.excess(of: try SessionPolicyDocument(parsing: item.request))
        } catch {
            tally.refused += 1
            // Some are longer than STS takes; that their grammar is sound is the generator's promise.
            if case .tooLarge = error { return nil }
            return item.isNarrowing ? "a narrowing that was refused: \(error)" : nil
        }
        if let excess {
            if item.pairs.contains(where: \.isBreach) { tally.breaches += 1 }
            return item.isNarrowing ? "a narrowing that was not proved: \(excess)" : nil
        }
        tally.proved += 1
        tally.pairsOfProved += item.pairs.count
        return item.pairs.first(where: \.isBreach).map { "proved, but beyond the ceiling: \($0)" }
    }
}
