import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// The conditions against another evaluation of IAM's rules, written in Python from AWS's documentation: Tests/Oracle.
@Suite struct ConditionOracleTests {
    @Test(.enabled(if: PythonScript.isAvailable, "there is no .venv: run Scripts/install-dependencies test"))
    func `says what the oracle says of 100,000 generated cases`() throws {
        let seed = "20260101"
        let lines = try PythonScript("Tests/Oracle/generate_conditions.py").lines(["--seed", seed, "--count", "105000"])
        var compared = 0
        var met = 0
        var differences: [String] = []
        for line in lines {
            guard let oracleCase = try OracleCase(Array(line)) else { continue }
            compared += 1
            if oracleCase.isMet { met += 1 }
            // Not #expect in each round: it would cost more than the evaluation.
            if oracleCase.isMet != oracleCase.expected { differences.append(String(decoding: line, as: UTF8.self)) }
        }
        #expect(compared >= 100_000)
        // Cases that all come out alike would compare nothing.
        #expect((25_000..<75_000).contains(met))
        #expect(differences.isEmpty, "seed \(seed): \(differences.count) differ, first \(differences.prefix(3))")
    }
}

/// One line of the generator, decided by the engine.
private struct OracleCase {
    let isMet: Bool
    let expected: Bool

    /// Nil for a condition that no policy may hold, because every token meets it.
    init?(_ line: [UInt8]) throws {
        let fields = try #require(try JSONValue(parsing: line).object)
        expected = try #require(fields["expected"]?.bool as Bool?)
        let effect = try #require(Effect(rawValue: fields["effect"]?.string ?? ""))
        let members = try #require(fields["claims"]?.object)
        let unknown: Set<String> = members["pull_fork"].isSilent ? ["pull_fork"] : []
        guard let condition = try Self.condition(try #require(fields["condition"])) else { return nil }
        isMet = condition.firstFailure(Claims(members: members, unknown: unknown), effect: effect) == nil
    }

    /// Compiled as the condition of a rule for a generic issuer.
    private static func condition(_ value: JSONValue) throws -> Condition? {
        var line = 0
        let log = FaultLog()
        let scope = FaultScope(file: "case", log: log)
        let rule = SourceNode(.object(JSONObject([.init("condition", value)])), line: &line)
        let reader = try #require(MappingReader(rule, what: "a rule", keys: ["condition"], scope: scope))
        let condition = ConditionReader(schema: ClaimSchema(of: nil, among: []), scope: scope).condition(in: reader)
        let isFreeForAll = log.faults.count == 1 && log.faults[0].message.contains("met by every token")
        try #require(condition != nil || isFreeForAll, "\(log.faults)")
        return condition
    }
}

extension JSONValue? {
    /// The oracle takes a `pull_fork` without a value for one that was not sent.
    fileprivate var isSilent: Bool {
        switch self {
        case nil, .null?, .array([])?: true
        default: false
        }
    }
}
