import Testing

@testable import ExchangeCore

/// What a ceiling proves of actions, resources and statements.
@Suite struct SessionPolicyCeilingTests {
    private func excess(_ ceiling: [String], _ request: [String]) throws -> SessionPolicyExcess? {
        let ceiling = try SessionPolicyCeiling(Self.document(ceiling))
        return ceiling.excess(of: try Self.document(request))
    }

    private static func document(_ statements: [String]) throws -> SessionPolicyDocument {
        try SessionPolicyDocument(
            parsing: #"{"Version": "2012-10-17", "Statement": [\#(statements.joined(separator: ", "))]}"#)
    }

    /// The action of a ceiling, that of a request, and whether the request is within.
    @Test(arguments: [
        ("*", "*", true), ("*", "s3:*", true), ("s3:*", "*", false), ("s3:*", "s3:GetObject", true),
        ("s3:Get*", "S3:getobject", true), ("S3:GET*", "s3:GetObject", true), ("s3:Get*", "s3:*", false),
        ("s3:Get*", "s3:PutObject", false), ("s3:*", "s3-object-lambda:Get", false), ("s3:*", "sqs:*", false),
        ("s3:*Object", "s3:Get*Object", true), ("s3:GetObject", "s3:GetObjec?", false),
        ("s3:?etObject", "s3:GetObject", true),
        ("s3:GetObject", "s3:GetObjectAcl", false),
    ])
    func `takes actions within its own without regard to case`(_ ours: String, _ theirs: String, _ isWithin: Bool)
        throws
    {
        let excess = try excess([SessionPolicies.allow(ours, on: "*")], [SessionPolicies.allow(theirs, on: "*")])
        #expect((excess == nil) == isWithin)
    }

    /// The resource of a ceiling, that of a request, and whether the request is within.
    static let resources: [(String, String, Bool)] = [
        ("*", "*", true), ("*", "arn:aws:s3:::b", true), ("arn:aws:s3:::*", "*", false),
        ("arn:aws:s3:::a*", "arn:aws:s3:::a", true), ("arn:aws:s3:::a", "arn:aws:s3:::a*", false),
        ("arn:aws:s3:::a?", "arn:aws:s3:::a*", false), ("arn:aws:s3:::a*", "arn:aws:s3:::a?", true),
        ("arn:aws:s3:::a", "arn:aws:s3:::A", false), ("arn:aws:s3:::b/*", "arn:aws:s3:::b/logs/*", true),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false), ("arn:aws:s3:::b/logs/*", "arn:aws:s3:::b/*", false),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b2/x", false), ("arn:aws:s3:::b/*", "arn:aws:s3:::b/../c", true),
        // Colons: what a whole comparison lets through, a comparison by segments does not.
        ("arn:aws:sqs:*:1:q", "arn:aws:sqs:eu:1:q", true), ("arn:aws:sqs:*:1:q", "arn:aws:sqs:*:1:q", true),
        ("arn:aws:sqs:eu:1:*", "arn:aws:sqs:eu:1:q:x", true), ("arn:aws:sqs:*:1:q", "arn:aws:sqs:eu:2:1:q", false),
        ("arn:aws:sqs:us-*:1:q", "arn:aws:sqs:us-1:1:x:1:q", false),
        ("arn:aws:sqs:eu:1:q*", "arn:aws:sqs:eu:1:q:x", true),
        ("arn:aws:sqs:e*u:1:q", "arn:aws:sqs:e*:1:u:1:q", false), ("arn:aws:sqs:*?:1:q", "arn:aws:sqs:eu*:1:q", false),
        ("arn:aws:logs:::g:*-x:s", "arn:aws:logs:::g:a:b-x:s", false),
        ("arn:aws:logs:::g:*-x:s", "arn:aws:logs:::g:ab-x:s", true),
        ("arn:aws:sqs:?:1:q", "arn:aws:sqs:::q", false), ("arn:aws:sqs::1:q", "arn:aws:sqs:*:1:q", false),
        // Nothing is proved of short ARNs and of wildcards in partition and service, not even under `*`.
        ("*", "arn:aws:s3", false), ("arn:aws:s3:::*", "arn:aws:s3:*", false), ("arn:aws:s3:::*", "arn:aws:s3", false),
        ("*", "arn:aws:s3:::", true), ("*", "arn:*:s3:::b", false), ("arn:aws:s3:::*", "arn:aw?:s3:::b", false),
        ("arn:aws:s3:::*", "arn:aws:s*:::b", false), ("*", "arn:aws:*:::b", false),
        ("arn:aws:s3:::*", "arn:aws-cn:s3:::b", false),
        // Variables.
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*", true),
        ("arn:aws:s3:::b/x", "arn:aws:s3:::b/${aws:username}", false),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:username}/x", true),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:userid}/x", false),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x", false),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/*/x", false),
        ("arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:username}*", false),
        ("arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:username, 'x'}", false),
        ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*", false), ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/${*}", true),
        ("arn:aws:s3:::b/${?}", "arn:aws:s3:::b/x", false), ("arn:aws:s3:::b/?", "arn:aws:s3:::b/${?}", true),
        ("*", "arn:aws:sqs:${aws:RequestedRegion}:1:q", false),
        ("arn:aws:sqs:*:1:q", "arn:aws:sqs:${aws:RequestedRegion}:1:q", false),
        ("arn:aws:sqs:*:1:q", "arn:aws:sqs:${*}:1:q", false),
    ]

    @Test(arguments: resources)
    func `takes resources that are within its own however AWS compares them`(
        _ ours: String, _ theirs: String, _ isWithin: Bool
    ) throws {
        let excess = try excess([SessionPolicies.allow("s3:*", on: ours)], [SessionPolicies.allow("s3:*", on: theirs)])
        #expect((excess == nil) == isWithin, "\(excess?.description ?? "within")")
    }

    @Test func `takes ordinary narrowings`() throws {
        let ceiling = [
            SessionPolicies.allow("s3:*", on: "arn:aws:s3:::artifacts/*"),
            #"{"Effect": "Allow", "Action": ["s3:ListBucket", "sqs:*"], "Resource": ["arn:aws:s3:::artifacts", "arn:aws:sqs:*:123456123456:build-*"]}"#,
        ]
        let requests: [[String]] = [
            ceiling, [ceiling[1]], [ceiling[1], ceiling[0]],
            [SessionPolicies.allow("s3:GetObject", on: "arn:aws:s3:::artifacts/octo-repo/*")],
            [
                SessionPolicies.allow(
                    "s3:Get*", on: "arn:aws:s3:::artifacts/*", condition: #"{"Bool": {"aws:SecureTransport": true}}"#)
            ],
            [
                SessionPolicies.allow("s3:*", on: "arn:aws:s3:::artifacts/*"),
                SessionPolicies.deny("s3:Delete*", on: "*"),
            ],
            [
                SessionPolicies.allow("s3:ListBucket", on: "arn:aws:s3:::artifacts"),
                SessionPolicies.allow("sqs:SendMessage", on: "arn:aws:sqs:us-east-1:123456123456:build-1"),
            ],
        ]
        for request in requests { #expect(try excess(ceiling, request) == nil, "\(request)") }
    }

    @Test func `takes whatever only denies`() throws {
        let denies = [
            SessionPolicies.deny("*", on: "*"),
            #"{"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3"}"#,
        ]
        #expect(try excess([SessionPolicies.allow("s3:GetObject", on: "arn:aws:s3:::b")], denies) == nil)
    }

    /// Each half is allowed, by another statement each; both at once are not.
    @Test func `wants every action with every resource within one statement`() throws {
        let ceiling = [
            SessionPolicies.allow("s3:Get*", on: "arn:aws:s3:::a/*"),
            SessionPolicies.allow("s3:Put*", on: "arn:aws:s3:::b/*"),
        ]
        let both =
            #"{"Effect": "Allow", "Action": ["s3:Get*", "s3:Put*"], "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}"#
        let excess = try excess(ceiling, [SessionPolicies.allow("s3:Get*", on: "arn:aws:s3:::a/*"), both])
        #expect(excess?.statement == 2)
        #expect(
            excess?.description
                == "statement 2: s3:Get* on 'arn:aws:s3:::b/*' is not within one statement of the ceiling; "
                + "narrow the resource to 'arn:aws:s3:::a/*'")
    }

    /// Where `${aws:username}` has no value, AWS passes over the ceiling's statement, and the request's must go with it.
    @Test func `keeps a request to the variables of the statement that covers it`() throws {
        let home = #""arn:aws:s3:::home/${aws:username}/*""#
        let ceiling = [#"{"Effect": "Allow", "Action": "s3:*", "Resource": [\#(home), "arn:aws:s3:::public/*"]}"#]
        let excess = try excess(ceiling, [SessionPolicies.allow("s3:Get*", on: "arn:aws:s3:::public/x")])
        #expect(excess?.description.contains("keep a resource with '${aws:username}'") == true)
        let both = #"{"Effect": "Allow", "Action": "s3:Get*", "Resource": ["arn:aws:s3:::public/x", \#(home)]}"#
        #expect(try self.excess(ceiling, [both]) == nil)
        let apart = [SessionPolicies.allow("s3:*", on: "arn:aws:s3:::public/*")] + ceiling
        #expect(try self.excess(apart, [SessionPolicies.allow("s3:Get*", on: "arn:aws:s3:::public/x")]) == nil)
    }

    @Test func `says what keeps a request out`() throws {
        let ceiling = [SessionPolicies.allow("s3:Get*", on: "arn:aws:s3:::a/*")]
        let rows = [
            (SessionPolicies.allow("s3:Put*", on: "arn:aws:s3:::a/x"), "narrow the action to 's3:Get*'"),
            (SessionPolicies.allow("s3:Get*", on: "arn:aws:s3:::b/x"), "narrow the resource to 'arn:aws:s3:::a/*'"),
            (SessionPolicies.allow("sqs:*", on: "*"), "allows nothing of the kind, so leave it out"),
            (SessionPolicies.allow("s3:Get*", on: "arn:aws:s3"), "is a short ARN, which AWS fills up with wildcards"),
            (
                #"{"Sid": "X", "Effect": "Allow", "Action": "*", "Resource": "*"}"#,
                "statement 1 (Sid 'X'): * on '*' is not"
            ),
        ]
        for (request, expected) in rows {
            let sentence = try excess(ceiling, [request])?.description
            #expect(sentence?.contains(expected) == true, "\(sentence ?? "within")")
        }
    }

    /// A statement of a ceiling, and a part of the fault that it must bring.
    @Test(arguments: [
        (SessionPolicies.deny("s3:*", on: "*"), "a ceiling holds Allow statements only"),
        (SessionPolicies.allow("s3:*", on: "arn:aws:s3"), "'arn:aws:s3' is a short ARN"),
        (SessionPolicies.allow("s3:*", on: "arn:aws:s3:*"), "is a short ARN"),
        (SessionPolicies.allow("s3:*", on: "arn:*:s3:::b"), "has a wildcard in its partition or service"),
        (SessionPolicies.allow("s3:*", on: "arn:aws:s?:::b"), "has a wildcard in its partition or service"),
        (
            SessionPolicies.allow("s3:*", on: "arn:aws:sqs:${aws:RequestedRegion}:1:q"),
            "has a '$' before its fifth colon"
        ),
        (SessionPolicies.allow("s3:*", on: "arn:aws:sqs:${*}:1:q"), "has a '$' before its fifth colon"),
    ])
    func `is not made of what nothing can be proved against`(_ statement: String, _ expected: String) throws {
        let document = try Self.document([SessionPolicies.allow("s3:*", on: "*"), statement])
        do throws(SessionPolicyFault) {
            _ = try SessionPolicyCeiling(document)
            #expect(Bool(false), "it was made")
        } catch {
            guard case .unsuitable(let sentence) = error else { return #expect(Bool(false), "\(error)") }
            #expect(sentence.hasPrefix("statement 2: ") && sentence.contains(expected), "\(sentence)")
        }
    }

    /// Thousands of pairs over long patterns; each pattern is proved once for each statement, not for each pair.
    @Test func `bounds its work for the largest documents`() throws {
        let actions = (0..<90).map { #""s3:*a\#($0)*""# }.joined(separator: ",")
        let resources = (0..<40).map { #""arn:aws:s3:::*a?\#($0)""# }.joined(separator: ",")
        let statement = #"{"Effect": "Allow", "Action": [\#(actions)], "Resource": [\#(resources)]}"#
        #expect(try excess([statement], [statement]) == nil)
    }
}
