import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// What IAM's grammar refuses, and what we refuse beyond it because nobody can tell what it means.
@Suite struct SessionPolicyGrammarTests {
    /// A whole document, and a part of the fault that it must bring.
    static let documents: [(String, String)] = [
        ("", "unexpected end"),
        ("[]", "a policy is an object, but here is an array"),
        (#"{"Statement": [], "Statement": []}"#, "a member name that occurs twice"),
        (#"{"Statement": [[[[[[[[1]]]]]]]]}"#, "more nesting than is allowed"),
        (#"{"Version": "2012-10-17"}"#, "it has no Statement; write one at least"),
        (#"{"Version": "2012-10-17", "Statement": []}"#, "it has no Statement; write one at least"),
        (
            #"{"Version": "2012-10-17", "Statement": "x"}"#,
            "statement 1: a statement is an object, but here is a string"
        ),
        (#"{"Version": "2012-10-17", "statement": []}"#, "unknown element 'statement'; case matters, write Statement"),
        (#"{"Rules": []}"#, "unknown element 'Rules'; known here are Version, Id, Statement"),
        (#"{"Version": "2008-10-17", "Statement": {}}"#, "Version 2008-10-17 takes policy variables for letters"),
        (#"{"Version": "2012-10-18", "Statement": {}}"#, "unknown Version '2012-10-18'"),
        (#"{"Version": 2012, "Statement": {}}"#, "Version is a string, but here is a number"),
        (#"{"Id": 1, "Statement": {}}"#, "Id is a string"),
        (
            #"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::\u0024{aws:username}"}}"#,
            "it has a $ and no Version"
        ),
        (
            #"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, "Id": "$"}"#,
            "it has a $ and no Version"
        ),
        (#"{"Statement": {"Effect": "Allow", "$": "*"}}"#, "it has a $ and no Version"),
    ]

    @Test(arguments: documents)
    func `refuses a document and says why`(_ text: String, _ expected: String) throws {
        let fault = try #require(SessionPolicies.fault(in: text))
        #expect(fault.description.contains(expected), "\(fault)")
    }

    /// The members of a statement, and a part of the fault.
    static let statements: [(String, String)] = [
        (#""Action": "s3:*", "Resource": "*""#, "statement 1: it has no Effect; write Allow or Deny"),
        (#""Effect": "allow", "Action": "s3:*", "Resource": "*""#, "Effect is 'allow'; write Allow or Deny"),
        (#""Effect": "Permit", "Action": "s3:*", "Resource": "*""#, "Effect is 'Permit'"),
        (#""Effect": true, "Action": "s3:*", "Resource": "*""#, "Effect is a string, but here is a boolean"),
        (#""Effect": "Allow", "Resource": "*""#, "it has no Action; write one"),
        (#""Effect": "Allow", "Action": "s3:*""#, "it has no Resource; write one"),
        (#""Effect": "Deny", "Resource": "*""#, "it has no Action; write one, or NotAction"),
        (#""Effect": "Deny", "Action": "*", "NotAction": "*", "Resource": "*""#, "it has Action and NotAction"),
        (#""Effect": "Deny", "Action": "*", "NotResource": "*", "Resource": "*""#, "it has Resource and NotResource"),
        (#""Effect": "Allow", "NotAction": "iam:*", "Resource": "*""#, "NotAction in an Allow allows all"),
        (#""Effect": "Allow", "Action": "*", "NotResource": "*""#, "NotResource in an Allow allows all"),
        (
            #""Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*""#,
            "Principal has no place in a session policy"
        ),
        (
            #""Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": "*""#,
            "NotPrincipal has no place in a session policy"
        ),
        (#""Effect": "Allow", "action": "*", "Resource": "*""#, "unknown element 'action'; case matters, write Action"),
        (#""Effect": "Allow", "Action": "*", "Resource": "*", "When": 1"#, "unknown element 'When'"),
        (#""Sid": "a b", "Effect": "Allow", "Action": "*", "Resource": "*""#, "statement 1: Sid 'a b' is not made"),
        (#""Sid": 1, "Effect": "Allow", "Action": "*", "Resource": "*""#, "Sid is a string"),
        (
            #""Sid": "Logs", "Effect": "Allow", "Action": [], "Resource": "*""#,
            "statement 1 (Sid 'Logs'): Action is an empty array"
        ),
    ]

    @Test(arguments: statements)
    func `refuses a statement and names it`(_ members: String, _ expected: String) throws {
        let fault = try #require(SessionPolicies.fault(in: SessionPolicies.text("{\(members)}")))
        guard case .malformed(let sentence) = fault else { return #expect(Bool(false), "\(fault)") }
        #expect(sentence.contains(expected), "\(sentence)")
    }

    @Test func `counts statements from one and refuses a Sid that stands there twice`() throws {
        let statement = #"{"Sid": "One", "Effect": "Allow", "Action": "*", "Resource": "*"}"#
        let fault = try #require(SessionPolicies.fault(in: SessionPolicies.text(statement, statement)))
        #expect(fault.description.hasPrefix("statement 2 (Sid 'One'): its Sid stands there twice"))
        let unnamed = #"{"Sid": "", "Effect": "Allow", "Action": "*", "Resource": "*"}"#
        #expect(SessionPolicies.fault(in: SessionPolicies.text(unnamed, unnamed)) == nil)
    }

    /// A JSON value of `Action`, and whether it is one.
    static let actions: [(String, Bool)] = [
        (#""*""#, true), (#""s3:*""#, true), (#""s3:GetObject""#, true), (#""S3:getobject""#, true),
        (#""s3:?et*""#, true), (#""execute-api:Invoke""#, true), (#"["s3:Get*", "s3:Put*"]"#, true),
        (#""""#, false), (#""s3""#, false), (#""s3:""#, false), (#"":Get""#, false), (#""s*:Get""#, false),
        (#""*:*""#, false), (#""**""#, false), (#""s3:Get:Put""#, false), (#""s3:Get Object""#, false),
        (#""s3:${aws:username}""#, false), (#""s3:Gét""#, false), (#""\u212A3:Get""#, false), (#""s_3:Get""#, false),
        ("1", false), ("null", false), (#"["s3:Get", 1]"#, false), (#"["s3:Get", ""]"#, false),
        (#"[["s3:Get"]]"#, false),
        (#"{"s3": "Get"}"#, false),
    ]

    @Test(arguments: actions)
    func `tells actions from other texts`(_ value: String, _ isSound: Bool) {
        let statement = #"{"Effect": "Allow", "Action": \#(value), "Resource": "*"}"#
        #expect((SessionPolicies.fault(in: SessionPolicies.text(statement)) == nil) == isSound)
    }

    /// A JSON value of `Resource`, and whether it is one.
    static let resources: [(String, Bool)] = [
        (#""*""#, true), (#""arn:aws:s3:::bucket/*""#, true), (#""arn:aws:s3""#, true), (#""arn:aws:s3:::é""#, true),
        (#""arn:*:s3:::b""#, true), (#""arn:aws:s3:::${aws:username}""#, true),
        (#""arn:aws:s3:::${*}${?}${$}$""#, true),
        (#""arn:aws:s3:::${aws:PrincipalTag/team, 'none at all'}""#, true), (#""arn:aws:s3:::${a:b,''}""#, true),
        (#""""#, false), (#""bucket""#, false), (#""**""#, false), (#""arn:aws""#, false), (#""arn::s3:::b""#, false),
        (#""arn:aws::::b""#, false), (#""ARN:aws:s3:::b""#, false), (#""*:aws:s3:::b""#, false),
        (#""arn:aws:s3:::${aws:username""#, false), (#""arn:aws:s3:::${}""#, false), (#""arn:aws:s3:::${a b}""#, false),
        (#""arn:aws:s3:::${**}""#, false), (#""arn:aws:s3:::${${a}}""#, false),
        (#""arn:aws:s3:::${a:b, none}""#, false),
        (#""arn:aws:s3:::${a:b, 'none}""#, false), (#""arn:aws:s3:::${a:b, 'it's'}""#, false),
        (#""arn:aws:s3:::${a:b, '}""#, false), (#""arn:aws:s3:::${, 'none'}""#, false),
        (#""arn:aws:s3:::${a:b, 'x${y'}""#, false), (#""arn:aws:s3:::${a:\u0001b}""#, false), ("true", false),
    ]

    @Test(arguments: resources)
    func `tells resources from other texts`(_ value: String, _ isSound: Bool) {
        let statement = #"{"Effect": "Allow", "Action": "*", "Resource": \#(value)}"#
        #expect((SessionPolicies.fault(in: SessionPolicies.text(statement)) == nil) == isSound)
    }

    @Test func `takes exclusions in a Deny, and one statement without brackets`() {
        let statement =
            #"{"Effect": "Deny", "NotAction": "s3:*", "NotResource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}"#
        #expect(SessionPolicies.fault(in: #"{"Statement": \#(statement)}"#) == nil)
    }

    @Test func `shows no more than 64 characters of a document, and only printable ASCII`() throws {
        let long = String(repeating: "é\u{7}x", count: 100)
        let sid = String(repeating: "S", count: 100)
        let documents: [JSONValue] = [
            ["Version": .string(long)], [long: 1], ["Statement": ["Sid": .string(long)]],
            ["Statement": ["Sid": .string(sid), "Effect": .string(long)]],
            ["Statement": ["Sid": .string(sid), "Effect": "Allow", "Action": .string(long)]],
            ["Statement": ["Sid": .string(sid), long: "Allow"]],
            [
                "Statement": [
                    "Sid": .string(sid), "Effect": "Allow", "Action": "*", "Resource": "*",
                    "Condition": ["Bool": ["x" + String(repeating: "y", count: 100): .string(long)]],
                ]
            ],
            [
                "Statement": [
                    "Sid": .string(sid), "Effect": "Allow", "Action": "*", "Resource": "*",
                    "Condition": ["Bool": ["x:" + String(repeating: "y", count: 100): .string(long)]],
                ]
            ],
        ]
        for document in documents {
            let sentence = try #require(fault(of: document)).description
            #expect(sentence.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }, "\(sentence)")
            let quotations = sentence.split(separator: "'", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map(\.element)
            let shown = quotations.reduce(0) { $0 + $1.count - ($1.hasSuffix("...") ? 3 : 0) }
            #expect((1...64).contains(shown), "\(sentence)")
        }
    }

    private func fault(of value: JSONValue) -> SessionPolicyFault? {
        do throws(SessionPolicyFault) {
            _ = try SessionPolicyDocument(value)
            return nil
        } catch { return error }
    }

    @Test func `refuses members that stand there twice in a tree of another origin`() throws {
        let members = [JSONObject.Member("Statement", []), JSONObject.Member("Statement", [])]
        let fault = try #require(self.fault(of: .object(JSONObject(members))))
        #expect(fault.description.contains("Statement stands there twice"))
    }

    @Test func `bounds the text before it is read, and the policy after it is minified`() throws {
        let policy = SessionPolicies.text(SessionPolicies.allow("s3:*", on: "*"))
        #expect(SessionPolicies.fault(in: policy + String(repeating: " ", count: 20_000 - policy.utf8.count)) == nil)
        let padded = policy + String(repeating: " ", count: 20_001 - policy.utf8.count)
        let long = try #require(SessionPolicies.fault(in: padded))
        #expect(long == .tooLarge("the session policy is 20001 bytes long; at most 20000 are read"))

        let frame = try SessionPolicies.document(SessionPolicies.allow("s3:*", on: "arn:aws:s3:::")).length
        let fitting = "arn:aws:s3:::" + String(repeating: "b", count: 2048 - frame)
        #expect(try SessionPolicies.document(SessionPolicies.allow("s3:*", on: fitting)).length == 2048)
        let fault = SessionPolicies.fault(in: SessionPolicies.text(SessionPolicies.allow("s3:*", on: fitting + "b")))
        guard case .tooLarge(let sentence) = fault else { return #expect(Bool(false)) }
        #expect(sentence.contains("2049 characters") && sentence.contains("2048 at most"))
    }
}
