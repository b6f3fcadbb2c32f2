import Testing

@testable import ExchangeCore

/// Every condition of the ceiling must stand in the request, at least as strict.
@Suite struct SessionPolicyCeilingConditionTests {
    private func isWithin(_ ours: String?, _ theirs: String?) throws -> Bool {
        let ceiling = try SessionPolicies.document(SessionPolicies.allow("s3:*", on: "*", condition: ours))
        let request = try SessionPolicies.document(SessionPolicies.allow("s3:Get*", on: "*", condition: theirs))
        return try SessionPolicyCeiling(ceiling).excess(of: request) == nil
    }

    /// An operator, the values of a ceiling, those of a request, and whether the request is within.
    static let values: [(String, String, String, Bool)] = [
        ("StringEquals", #"["a", "b"]"#, #""a""#, true), ("StringEquals", #""a""#, #"["a", "b"]"#, false),
        ("StringEquals", #"["a", "b"]"#, #"["b", "a"]"#, true), ("StringEquals", #""a""#, #""A""#, false),
        ("StringLike", #"["a*", "b"]"#, #""a*""#, true), ("StringLike", #""a*""#, #""ab""#, false),
        ("StringEqualsIgnoreCase", #"["a", "b"]"#, #""b""#, true),
        ("ArnLike", #"["arn:a", "arn:b"]"#, #""arn:a""#, true),
        ("ArnEquals", #""arn:a""#, #"["arn:a", "arn:b"]"#, false),
        ("BinaryEquals", #"["QQ==", "Qg=="]"#, #""QQ==""#, true),
        ("StringNotEquals", #""a""#, #"["a", "b"]"#, true), ("StringNotEquals", #"["a", "b"]"#, #""a""#, false),
        ("StringNotLike", #""a*""#, #"["b", "a*"]"#, true), ("StringNotLike", #"["a*", "b"]"#, #""a*""#, false),
        ("StringNotEqualsIgnoreCase", #"["a", "b"]"#, #""a""#, false),
        ("ArnNotLike", #""arn:a""#, #"["arn:b", "arn:a"]"#, true),
        ("ArnNotEquals", #"["arn:a", "arn:b"]"#, #""arn:a""#, false),
        ("NumericEquals", #"["1", "2"]"#, "1", false), ("NumericEquals", #"[1, 2]"#, #"["2", "1"]"#, true),
        ("NumericNotEquals", "1", #"[1, 2]"#, false), ("NumericLessThan", "10", "9", false),
        ("NumericLessThan", "10", "10", true),
        ("NumericGreaterThanEquals", "10", "11", false), ("DateLessThan", #""2026-01-01""#, #""2025-01-01""#, false),
        ("DateGreaterThan", #""2026-01-01""#, #""2026-01-01""#, true),
        ("DateEquals", #"["2026-01-01", "2027-01-01"]"#, #""2026-01-01""#, false),
        ("Bool", #"["true", "false"]"#, "true", false), ("Bool", "true", #""true""#, true),
        ("Null", #""false""#, #""true""#, false),
        ("IpAddress", #""10.0.0.0/8""#, #""10.1.0.0/16""#, false),
        ("IpAddress", #"["10.0.0.0/8", "::1"]"#, #""10.0.0.0/8""#, false),
        ("NotIpAddress", #""10.0.0.0/8""#, #"["10.0.0.0/8", "::1"]"#, false),
        ("NotIpAddress", #""10.0.0.0/8""#, #""10.0.0.0/8""#, true),
        ("ForAnyValue:StringEquals", #"["a", "b"]"#, #""a""#, true),
        ("ForAllValues:StringNotLike", #""a""#, #"["a", "b"]"#, true),
        ("StringEqualsIfExists", #"["a", "b"]"#, #""a""#, true), ("StringEquals", #""é""#, #""e\u0301""#, false),
        ("StringEquals", #""${aws:username}""#, #""${aws:username}""#, true),
        ("StringEquals", #""${aws:username}""#, #""bob""#, false),
        // Without a value for the variable the ceiling's statement would not count, and the request's would.
        ("StringEquals", #"["${aws:username}", "bob"]"#, #""bob""#, false),
        ("StringEquals", #"["${aws:username, 'x'}", "bob"]"#, #""bob""#, true),
        ("StringEquals", #"["${aws:username}", "bob", "al"]"#, #"["bob", "${aws:username}"]"#, true),
    ]

    @Test(arguments: values)
    func `compares values in the direction of the operator`(
        _ name: String, _ ours: String, _ theirs: String, _ expected: Bool
    ) throws {
        #expect(
            try isWithin(#"{"\#(name)": {"aws:x": \#(ours)}}"#, #"{"\#(name)": {"aws:x": \#(theirs)}}"#) == expected)
    }

    /// A condition of a ceiling, that of a request, and whether the request is within.
    static let conditions: [(String?, String?, Bool)] = [
        (nil, #"{"StringEquals": {"aws:x": "a"}}"#, true),
        (#"{"StringEquals": {"aws:x": "a"}}"#, nil, false),
        (#"{"StringEquals": {"aws:x": "a"}}"#, #"{"StringEquals": {"aws:y": "a"}}"#, false),
        (#"{"StringEquals": {"aws:x": "a"}}"#, #"{"StringLike": {"aws:x": "a"}}"#, false),
        (#"{"StringEquals": {"aws:x": "a"}}"#, #"{"StringEqualsIfExists": {"aws:x": "a"}}"#, false),
        (#"{"StringEqualsIfExists": {"aws:x": "a"}}"#, #"{"StringEquals": {"aws:x": "a"}}"#, false),
        (#"{"StringEquals": {"aws:x": "a"}}"#, #"{"ForAllValues:StringEquals": {"aws:x": "a"}}"#, false),
        (#"{"ForAnyValue:StringEquals": {"aws:x": "a"}}"#, #"{"ForAllValues:StringEquals": {"aws:x": "a"}}"#, false),
        (#"{"ForAnyValue:StringEquals": {"aws:x": "a"}}"#, #"{"StringEquals": {"aws:x": "a"}}"#, false),
        (#"{"StringEquals": {"aws:x": "a"}}"#, #"{"StringEquals": {"AWS:X": "a"}}"#, true),
        (
            #"{"StringEquals": {"aws:x": "a"}}"#,
            #"{"StringEquals": {"aws:x": "a", "aws:y": "b"}, "Bool": {"aws:z": true}}"#, true
        ),
        (#"{"StringEquals": {"aws:x": "a", "aws:y": "b"}}"#, #"{"StringEquals": {"aws:x": "a"}}"#, false),
        (#"{"StringEquals": {"aws:x": "a"}, "Bool": {"aws:z": true}}"#, #"{"Bool": {"aws:z": true}}"#, false),
        // A principal's tags do not differ in case alone; those of a resource may, and AWS may take the other one.
        (
            #"{"StringEquals": {"aws:PrincipalTag/team": "a"}}"#, #"{"StringEquals": {"AWS:principaltag/TEAM": "a"}}"#,
            true
        ),
        (
            #"{"StringEquals": {"aws:ResourceTag/team": "a"}}"#, #"{"StringEquals": {"AWS:resourcetag/team": "a"}}"#,
            true
        ),
        (
            #"{"StringEquals": {"aws:ResourceTag/team": "a"}}"#, #"{"StringEquals": {"aws:ResourceTag/Team": "a"}}"#,
            false
        ),
        (
            #"{"StringEquals": {"aws:PrincipalTag/k": "a"}}"#, #"{"StringEquals": {"aws:PrincipalTag/\u212A": "a"}}"#,
            false
        ),
    ]

    @Test(arguments: conditions)
    func `wants each of its conditions and takes further ones`(_ ours: String?, _ theirs: String?, _ expected: Bool)
        throws
    {
        #expect(try isWithin(ours, theirs) == expected)
    }

    @Test func `says which condition to add`() throws {
        let rows = [
            (
                #"{"StringEquals": {"aws:x": ["a", "b"]}}"#,
                "add the condition StringEquals 'aws:x' with values out of 'a', 'b'"
            ),
            (
                #"{"StringNotEquals": {"aws:x": "a"}}"#,
                "add the condition StringNotEquals 'aws:x' with at least the values 'a'"
            ),
            (#"{"Bool": {"aws:x": true}}"#, "add the condition Bool 'aws:x' with exactly the values 'true'"),
        ]
        for (condition, expected) in rows {
            let ceiling = try SessionPolicies.document(SessionPolicies.allow("s3:*", on: "*", condition: condition))
            let request = try SessionPolicies.document(SessionPolicies.allow("s3:Get*", on: "*"))
            let sentence = try SessionPolicyCeiling(ceiling).excess(of: request)?.description
            #expect(sentence?.hasSuffix(expected) == true, "\(sentence ?? "within")")
        }
    }
}
