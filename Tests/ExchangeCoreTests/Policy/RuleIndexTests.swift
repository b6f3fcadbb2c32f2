import StrictJSON
import Testing

@testable import ExchangeCore

/// The index must find every rule that a token can meet: a lost deny would be an open door.
@Suite struct RuleIndexTests {
    @Test(arguments: [Effect.allow, .deny]) func `finds every condition that counts, of random ones`(_ effect: Effect)
        throws
    {
        var random = SplitMix(state: effect == .allow ? 1 : 2)
        var met = 0
        for _ in 0..<150 {
            var conditions: [Condition] = []
            for _ in 0..<20 { conditions.append(try Self.condition(&random)) }
            let index = RuleIndex(of: conditions)
            for _ in 0..<20 {
                let claims = try Self.claims(&random)
                let expected = conditions.indices.filter { conditions[$0].firstFailure(claims, effect: effect) == nil }
                met += expected.count
                let found = index.candidates(for: claims, effect: effect)
                try #require(Set(expected).isSubset(of: found) && found == found.sorted())
            }
        }
        #expect(met > 1000)
    }

    @Test func `tries few of many`() throws {
        let conditions = try (0..<5000).map {
            try Self.condition(
                #"{"StringLike": {"sub": "repo:org\#($0 % 50)/r\#($0):*"}, "StringEquals": {"event": "push"}}"#)
        }
        let claims = try Claims(#"{"sub": "repo:org7/r107:ref:refs/heads/main:event:push", "event": "push"}"#)
        #expect(RuleIndex(of: conditions).candidates(for: claims, effect: .allow) == [107])
    }

    @Test func `a claim that cannot be read brings up every deny that asks for it`() throws {
        let conditions = try ["a", "b"].map { try Self.condition(#"{"StringEquals": {"x": "\#($0)"}}"#) }
        let index = RuleIndex(of: conditions)
        for claims in [#"{"x": 1}"#, #"{"x": ["a", 1]}"#, #"{"x": null}"#] {
            #expect(index.candidates(for: try Claims(claims), effect: .deny) == [0, 1])
            #expect(index.candidates(for: try Claims(claims), effect: .allow).isEmpty)
        }
        let unknown = try Claims("{}", unknown: ["x"])
        #expect(index.candidates(for: unknown, effect: .deny) == [0, 1])
    }

    private static let words = ["", "a", "ab", "abc", "b", "ba", "abd", "é", "e\u{301}"]

    private static func condition(_ random: inout SplitMix) throws -> Condition {
        let operators = [
            "StringEquals", "StringLike", "StringNotEquals", "ForAnyValue:StringLike", "ForAllValues:StringEquals",
            "StringEqualsIfExists", "StringEqualsIgnoreCase",
        ]
        let tests = (0...random.next(2)).map { number in
            let name = operators[random.next(operators.count)]
            let suffix = name.contains("Like") ? ["*", "?*", "", "*b"][random.next(4)] : ""
            let values = (0...random.next(2)).map { _ in words[random.next(words.count)] + suffix }
            // A star alone would be a condition that every token meets.
            let list = Set(values).map { JSONValue.string(["*", "?*"].contains($0) ? "a*" : $0).text }.sorted().joined(
                separator: ",")
            return #""\#(name)": {"\#(["x", "y", "z"][number])": [\#(list)]}"#
        }
        // One operator once: the same key twice is no JSON of ours.
        var seen: Set<String> = []
        let kept = tests.filter { seen.insert(String($0.split(separator: ":{")[0].prefix { $0 != "{" })).inserted }
        return try condition("{\(kept.joined(separator: ","))}")
    }

    private static func claims(_ random: inout SplitMix) throws -> Claims {
        let members = ["x", "y", "z"].compactMap { name -> String? in
            let text = JSONValue.string(words[random.next(words.count)]).text
            let other = JSONValue.string(words[random.next(words.count)]).text
            let value = [text, text, text, "[\(text),\(other)]", "[]", "7", "null"][random.next(7)]
            return random.next(6) == 0 ? nil : #""\#(name)": \#(value)"#
        }
        return try Claims("{\(members.joined(separator: ","))}", unknown: random.next(4) == 0 ? ["y"] : [])
    }

    private static func condition(_ json: String) throws -> Condition {
        var line = 0
        let log = FaultLog()
        let scope = FaultScope(file: "case", log: log)
        let rule = SourceNode(
            .object(JSONObject([.init("condition", try JSONValue(parsing: json))])), line: &line)
        let reader = try #require(MappingReader(rule, what: "a rule", keys: ["condition"], scope: scope))
        let condition = ConditionReader(schema: ClaimSchema(of: nil, among: []), scope: scope).condition(in: reader)
        return try #require(condition, "\(json) \(log.faults)")
    }
}

extension JSONValue {
    fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension SplitMix {
    fileprivate mutating func next(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
