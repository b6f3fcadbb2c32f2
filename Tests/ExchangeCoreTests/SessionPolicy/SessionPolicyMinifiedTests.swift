import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// The text that STS is sent.
@Suite struct SessionPolicyMinifiedTests {
    @Test func `drops white space, Id, Sids and the brackets of single values`() throws {
        let policy = try SessionPolicyDocument(
            parsing: """
                { "Id": "mine", "Statement": { "Sid": "Read", "Resource": ["arn:aws:s3:::b/*"],
                  "Action": [ "s3:GetObject", "s3:PutObject" ], "Effect": "Allow",
                  "Condition": { "Bool": { "aws:SecureTransport": true },
                                 "NumericLessThan": { "s3:max-keys": [10], "s3:x": [1, "2"] } } } }
                """)
        #expect(
            policy.minified == """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],\
                "Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"true"},\
                "NumericLessThan":{"s3:max-keys":"10","s3:x":["1","2"]}}}]}
                """)
        #expect(policy.length == policy.minified.unicodeScalars.count)
    }

    /// A character of a resource, and what stands for it.
    @Test(arguments: [
        ("é", "é"), ("\u{FF}", "\u{FF}"), ("\u{85}", "\u{85}"), ("\u{100}", #"\u0100"#), ("e\u{301}", #"e\u0301"#),
        ("€", #"\u20ac"#), ("😀", #"\ud83d\ude00"#), ("\t", #"\t"#), ("\n", #"\n"#), ("\u{1}", #"\u0001"#),
        ("\u{7F}", #"\u007f"#), (#"\"#, #"\\"#), ("\"", #"\""#), ("/", "/"),
    ])
    func `escapes what the parameter does not take, and nothing else`(_ character: String, _ expected: String) throws {
        let policy = try SessionPolicyDocument([
            "Statement": ["Effect": "Allow", "Action": "*", "Resource": .string("arn:aws:s3:::\(character)")]
        ])
        #expect(policy.minified.utf8.elementsEqual(frame(around: expected).utf8))
    }

    private func frame(around text: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::\#(text)"}]}"#
    }

    @Test func `parses to an equal document, in characters that STS takes`() throws {
        var generator = SessionPolicyGenerator(seed: 2026)
        var lengths = 0
        for _ in 0..<2000 {
            let value = generator.policy()
            let policy = try SessionPolicyDocument(value)
            let again = try SessionPolicyDocument(parsing: policy.minified)
            try #require(again == policy && again.statements.count == policy.statements.count, "\(value)")
            try #require(
                policy.minified.unicodeScalars.allSatisfy {
                    (0x20...0xFF).contains($0.value) || [0x9, 0xA, 0xD].contains($0.value)
                })
            lengths += policy.length
        }
        #expect(lengths > 2000 * 200)
    }

    @Test func `two documents that differ in what they say are not equal`() throws {
        let base = try SessionPolicies.document(SessionPolicies.allow("s3:*", on: "arn:aws:s3:::é"))
        #expect(try base != SessionPolicies.document(SessionPolicies.allow("s3:*", on: "arn:aws:s3:::e\u{301}")))
        #expect(try base != SessionPolicies.document(SessionPolicies.deny("s3:*", on: "arn:aws:s3:::é")))
        #expect(try base == SessionPolicyDocument(parsing: base.minified))
    }
}

/// Random policies of every element, with texts that need escaping.
struct SessionPolicyGenerator {
    private var random: SplitMix
    private static let letters = Array("ab/:.*?é€😀\"\\\u{1}\u{7F}\u{85}e\u{301}".unicodeScalars)
    private static let operators = ["StringLike", "ForAnyValue:StringEqualsIfExists", "ArnNotLike", "StringNotEquals"]

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func policy() -> JSONValue {
        let statements = (0...Int.random(in: 0...2, using: &random)).map { statement(number: $0) }
        return [
            "Version": "2012-10-17", "Id": .string(text()),
            "Statement": statements.count == 1 ? statements[0] : .array(statements),
        ]
    }

    private mutating func statement(number: Int) -> JSONValue {
        let isDeny = flip()
        var members: [JSONObject.Member] = [
            .init("Effect", isDeny ? "Deny" : "Allow"),
            .init(isDeny && flip() ? "NotAction" : "Action", list { $0.pick(["s3:Get*", "sqs:*", "*", "iam:?ass"]) }),
            .init(isDeny && flip() ? "NotResource" : "Resource", list { "arn:aws:s3:::" + $0.text() + $0.variable() }),
        ]
        if flip() { members.append(.init("Sid", .string("S\(number)"))) }
        if flip() { members.append(.init("Condition", condition())) }
        members.shuffle(using: &random)
        return .object(JSONObject(members))
    }

    private mutating func condition() -> JSONValue {
        let operators = Self.operators.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
        return .object(
            JSONObject(
                operators.map { name in
                    let keys = ["aws:x", "aws:PrincipalTag/é", "s3:prefix"].prefix(
                        Int.random(in: 1...3, using: &random))
                    let tests = keys.map { key in JSONObject.Member(key, list { "x" + $0.text() + $0.variable() }) }
                    return JSONObject.Member(name, .object(JSONObject(tests)))
                }))
    }

    private mutating func list(_ element: (inout Self) -> String) -> JSONValue {
        let values = (0...Int.random(in: 0...2, using: &random)).map { _ in JSONValue.string(element(&self)) }
        return values.count == 1 && flip() ? values[0] : .array(values)
    }

    private mutating func text() -> String { random.text(of: Self.letters, upTo: 8) }
    private mutating func variable() -> String { pick(["", "", "${aws:username}", "${*}", "$", "${a:b, 'c d'}"]) }
    private mutating func flip() -> Bool { Bool.random(using: &random) }
    private mutating func pick(_ texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }
}
