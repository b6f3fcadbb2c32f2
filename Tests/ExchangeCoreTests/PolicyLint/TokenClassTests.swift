import StrictJSON
import Testing

@testable import ExchangeCore

/// What lint believes of conditions, against what the engine says of tokens: it may know too little, never something false.
@Suite struct TokenClassTests {
    /// Tokens as Vela makes them, in all combinations of a few values.
    private static func tokens() throws -> [Claims] {
        var tokens: [Claims] = []
        for (org, name) in [("o", "r"), ("o", "s"), ("p", "r")] {
            for (ref, event) in [
                ("refs/heads/a", "push"), ("refs/heads/b", "push"), ("refs/tags/a", "tag"),
                ("refs/pull/1/head", "pull_request:opened"), ("refs/pull/1/head", "comment:created"),
            ] {
                let action = event.split(separator: ":")[0]
                for fork in ["\"true\"", "\"false\"", nil] {
                    for team in ["\"a\"", "\"b\"", "[\"a\", \"b\"]", "[]", "7", nil] {
                        let team = team.map { ", \"custom_properties\": {\"team\": \($0)}" } ?? ""
                        let forks = fork.map { ", \"pull_fork\": \($0)" } ?? ""
                        tokens.append(
                            try Claims(
                                """
                                {"sub": "repo:\(org)/\(name):ref:\(ref):event:\(action)", "repo": "\(org)/\(name)",
                                 "repo_org": "\(org)", "repo_name": "\(name)", "ref": "\(ref)", "event": "\(event)",
                                 "commands": "\(team.count % 2 == 0)", "build_number": "\(tokens.count % 7)"\(forks)\(team)}
                                """, unknown: fork == nil ? ["pull_fork"] : []))
                    }
                }
            }
        }
        return tokens
    }

    private static let values: [String: [String]] = [
        "sub": [
            "repo:o/r:*", "repo:o/*", "*:event:push", "repo:o/r:ref:refs/heads/a:event:push", "*refs/tags/*", "o/r",
            "*:event:pull_request",
        ],
        "repo": ["o/r", "o/*", "*/r", "p/?", "p/r"], "repo_org": ["o", "p", "?"], "repo_name": ["r", "s*"],
        "ref": ["refs/heads/*", "refs/heads/a", "refs/tags/a", "refs/*a", "refs/pull/*"],
        "event": ["push", "tag", "pull_request:*", "pull_request*", "p*", "comment:created"],
        "custom_properties.team": ["a", "b", "*", "a*"],
    ]
    private static let texts = [
        "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
        "StringEqualsIfExists", "StringNotLikeIfExists", "ForAnyValue:StringLike", "ForAllValues:StringLike",
        "ForAnyValue:StringNotEquals", "ForAllValues:StringNotLike",
    ]

    /// One random test of one claim, as JSON.
    private static func test(_ random: inout SplitMix) -> String {
        let which = Int.random(in: 0..<10, using: &random)
        let boolean = Bool.random(using: &random)
        let flag = Bool.random(using: &random) ? "commands" : "pull_fork"
        switch which {
        case 0: return #"{"Bool": {"\#(flag)": \#(boolean)}}"#
        case 1: return #"{"StringNotEquals": {"\#(flag)": "\#(boolean)"}}"#
        case 2:
            let claim = Bool.random(using: &random) ? "custom_properties.team" : "pull_fork"
            return #"{"Null": {"\#(claim)": \#(boolean)}}"#
        case 3:
            let order = ["LessThan", "LessThanEquals", "GreaterThan", "Equals", "NotEquals"].randomElement(
                using: &random)
            return #"{"Numeric\#(order ?? "")": {"build_number": \#(Int.random(in: 0...7, using: &random))}}"#
        default:
            let claim = values.keys.sorted().randomElement(using: &random) ?? "sub"
            let choice = values[claim, default: []]
            let some = (0...Int.random(in: 0...1, using: &random)).compactMap { _ in
                choice.randomElement(using: &random)
            }
            let list = some.map { "\"\($0)\"" }.joined(separator: ", ")
            return #"{"\#(texts.randomElement(using: &random) ?? "")": {"\#(claim)": [\#(list)]}}"#
        }
    }

    /// So many random tests. One that every token meets does not load, and is left out.
    private static func tests(_ count: Int, _ random: inout SplitMix) -> [ClaimTest] {
        var tests: [ClaimTest] = []
        while tests.count < count {
            let rule = String.rule(condition: test(&random))
            guard let policy = try? PolicySet.rules("[\(rule)]") else { continue }
            tests += policy.rules.compactMap(\.allow).flatMap(\.condition.tests)
        }
        return tests
    }

    private static func meets(_ claims: Claims, _ tests: [ClaimTest], effect: Effect) -> Bool {
        Condition(tests: tests).firstFailure(claims, effect: effect) == nil
    }

    @Test(arguments: [Effect.allow, .deny]) func `calls no condition contradictory that a token meets`(
        _ effect: Effect
    ) throws {
        var random = SplitMix(state: effect == .allow ? 11 : 12)
        let tokens = try Self.tokens()
        let vela = ClaimGuarantees(ofAll: [])
        var contradictions = 0
        for _ in 0..<1500 {
            let tests = Self.tests(3, &random)
            guard let reason = TokenClass(tests, guarantees: vela, effect: effect).contradiction else { continue }
            contradictions += 1
            let token = tokens.first { Self.meets($0, tests, effect: effect) }
            #expect(token == nil, "\(tests.map { "\($0.path) \($0.words)" }): \(reason)")
        }
        #expect(contradictions > 50, "only \(contradictions) were found, so this says little")
    }

    @Test func `says nothing of a subject that could have too many forms`() {
        let many = (0..<70).map { "\($0)" }
        let lists = ["repo", "ref"].map { claim in
            ClaimTest(
                conditionOperator: ClaimTest.claim(claim, is: "").conditionOperator,
                path: ClaimTest.claim(claim, is: "").path, matcher: .equals(Set(many.map { Array("x/\($0)".utf8) })),
                wanted: many)
        }
        let vela = ClaimGuarantees(ofAll: [])
        let stranger = ClaimTest.claim("sub", is: "nobody")
        #expect(TokenClass([lists[0], stranger], guarantees: vela).contradiction != nil)
        #expect(TokenClass(lists + [stranger], guarantees: vela).contradiction == nil)
    }

    @Test func `says of no test that all tokens of a condition meet it where one does not`() throws {
        var random = SplitMix(state: 13)
        let tokens = try Self.tokens()
        let vela = ClaimGuarantees(ofAll: [])
        var implications = 0
        for _ in 0..<2000 {
            let tests = Self.tests(2, &random)
            for test in Self.tests(1, &random) where TokenClass(tests, guarantees: vela).meets(test) {
                implications += 1
                let token = tokens.first {
                    Self.meets($0, tests, effect: .allow) && !Self.meets($0, [test], effect: .allow)
                }
                #expect(token == nil, "\(tests.map { "\($0.path) \($0.words)" }) to \(test.path) \(test.words)")
            }
        }
        #expect(implications > 100, "only \(implications) were found, so this says little")
    }
}
