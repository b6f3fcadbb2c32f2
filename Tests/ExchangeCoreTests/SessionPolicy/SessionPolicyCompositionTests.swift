import Testing

@testable import ExchangeCore

/// What STS is sent: each cell of {base, none} x {managed, none} x {no always, one, two}.
@Suite struct SessionPolicyCompositionTests {
    private static let read = SessionPolicies.allow("s3:Get*", on: "*")
    private static let noIAM = SessionPolicies.deny("iam:*", on: "*")
    private static let noKeys = SessionPolicies.deny("kms:*", on: "*")
    private static let everything = SessionPolicies.allow("*", on: "*")

    static let cells: [(base: Bool, managed: Bool, always: [String], sent: [String])] = [
        (false, false, [], []), (false, true, [], []), (true, false, [], [read]), (true, true, [], [read]),
        (false, false, [noIAM], [everything, noIAM]), (false, true, [noIAM], [noIAM]),
        (true, false, [noIAM], [read, noIAM]), (true, true, [noIAM], [read, noIAM]),
        (false, false, [noIAM, noKeys], [everything, noIAM, noKeys]), (false, true, [noIAM, noKeys], [noIAM, noKeys]),
        (true, false, [noIAM, noKeys], [read, noIAM, noKeys]), (true, true, [noIAM, noKeys], [read, noIAM, noKeys]),
    ]

    @Test(arguments: cells)
    func `puts the parts together`(_ cell: (base: Bool, managed: Bool, always: [String], sent: [String])) throws {
        let document = SessionPolicyComposition.document(
            base: cell.base ? try SessionPolicies.document(Self.read) : nil,
            always: try cell.always.map { try AlwaysPolicy(SessionPolicies.document($0)) },
            hasManagedPolicies: cell.managed)
        let expected = #"{"Version": "2012-10-17", "Statement": [\#(cell.sent.joined(separator: ","))]}"#
        #expect(try document == (cell.sent.isEmpty ? nil : SessionPolicyDocument(parsing: expected)))
    }

    @Test func `keeps a base that allows nothing as it is`() throws {
        let base = try SessionPolicies.document(Self.noKeys)
        let always = [try AlwaysPolicy(SessionPolicies.document(Self.noIAM))]
        let document = SessionPolicyComposition.document(base: base, always: always, hasManagedPolicies: false)
        #expect(try document == SessionPolicies.document(Self.noKeys, Self.noIAM))
    }

    @Test func `refuses more characters than STS takes, policies and ARNs together`() throws {
        let arn = try #require(ManagedPolicyARN(parsing: "arn:aws:iam::aws:policy/ReadOnlyAccess"))
        let frame = try SessionPolicies.document(SessionPolicies.allow("s3:*", on: "arn:aws:s3:::")).length
        let rest = 2048 - frame - arn.description.utf8.count
        let fitting = "arn:aws:s3:::" + String(repeating: "é", count: rest)
        let document = try SessionPolicies.document(SessionPolicies.allow("s3:*", on: fitting))
        try SessionPolicyComposition.check(document, managedARNs: [arn])
        try SessionPolicyComposition.check(nil, managedARNs: [])
        let longer = try SessionPolicies.document(SessionPolicies.allow("s3:*", on: fitting + "b"))
        #expect(
            throws: SessionPolicyFault.tooLarge(
                "the session policies have 2049 characters together (2011 of policy, 38 of ARNs); AWS takes 2048 at most"
            )
        ) { try SessionPolicyComposition.check(longer, managedARNs: [arn]) }
    }

    @Test func `refuses more than ten ARNs`() throws {
        let arn = try #require(ManagedPolicyARN(parsing: "arn:aws:iam::aws:policy/ReadOnlyAccess"))
        try SessionPolicyComposition.check(nil, managedARNs: Array(repeating: arn, count: 10))
        #expect(
            throws: SessionPolicyFault.tooLarge("there are 11 managed session policies; AWS takes 10 at most")
        ) { try SessionPolicyComposition.check(nil, managedARNs: Array(repeating: arn, count: 11)) }
    }

    /// A text, and whether it is the ARN of a managed policy.
    @Test(arguments: [
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", true), ("arn:aws:iam::123456123456:policy/a", true),
        ("arn:aws-cn:iam::aws:policy/service-role/X.y", true), ("arn:aws:iam::aws:policy/", false),
        ("arn:aws:iam::aws:policy//a", false), ("arn:aws:iam::aws:policy", false),
        ("arn:aws:iam::aws:role/ReadOnly", false),
        ("arn:aws:iam::12345612345:policy/a", false), ("arn:aws:iam:us-east-1:aws:policy/a", false),
        ("arn:aws:s3::aws:policy/abcdef", false), ("arn:moon:iam::aws:policy/a", false),
        ("xrn:aws:iam::aws:policy/ab", false),
        ("arn:aws:iam::aws:policy/a*", false), ("arn:aws:iam::aws:policy/a b", false),
        ("arn:aws:iam::aws:policy/a:b", false),
        ("arn:aws:iam::aws:policy/" + String(repeating: "a", count: 128), true),
        ("arn:aws:iam::aws:policy/" + String(repeating: "a", count: 129), false),
        ("arn:aws:iam::aws:policy/" + String(repeating: "a/", count: 1011) + "ab", true),
        ("arn:aws:iam::aws:policy/" + String(repeating: "a/", count: 1011) + "abc", false),
    ])
    func `tells the ARNs of managed policies`(_ text: String, _ isSound: Bool) {
        #expect((ManagedPolicyARN(parsing: text)?.description == text) == isSound)
    }

    @Test func `a managed policy serves roles of its account and partition, AWS's own every account`() throws {
        let role = try #require(RoleARN(parsing: "arn:aws:iam::123456123456:role/test"))
        for (text, isUsable) in [
            ("arn:aws:iam::aws:policy/a", true), ("arn:aws:iam::123456123456:policy/a", true),
            ("arn:aws:iam::123456123457:policy/a", false), ("arn:aws-cn:iam::aws:policy/a", false),
        ] {
            #expect(try #require(ManagedPolicyARN(parsing: text)).isUsable(with: role) == isUsable)
        }
    }
}
