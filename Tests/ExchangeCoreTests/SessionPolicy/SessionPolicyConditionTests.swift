import Testing

@testable import ExchangeCore

/// The conditions that the grammar takes, and those that it refuses.
@Suite struct SessionPolicyConditionTests {
    private func fault(in condition: String) -> SessionPolicyFault? {
        SessionPolicies.fault(in: SessionPolicies.text(SessionPolicies.allow("s3:*", on: "*", condition: condition)))
    }

    /// A Condition, and a part of its fault; nil when there is none.
    static let conditions: [(String, String?)] = [
        (#"{"StringEquals": {"aws:PrincipalTag/team": "a"}}"#, nil),
        (#"{"StringLike": {"s3:prefix": ["", "home/${aws:username}/*"]}}"#, nil),
        (#"{"Bool": {"aws:SecureTransport": true}}"#, nil),
        (#"{"BoolIfExists": {"aws:MultiFactorAuthPresent": "False"}}"#, nil),
        (#"{"NumericLessThan": {"s3:max-keys": 10}}"#, nil),
        (#"{"NumericLessThan": {"s3:max-keys": ["-0.5"]}}"#, nil),
        (#"{"ForAllValues:StringLikeIfExists": {"aws:TagKeys": ["a*", "b"]}}"#, nil),
        (#"{"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "StringEquals": {"aws:TagKeys": "a"}}"#, nil),
        (#"{"StringEquals": {"vela.example.com/_services/token:sub": "repo:a/b:ref:c"}}"#, nil),
        (#"{"Null": {"aws:TokenIssueTime": "false"}}"#, nil),
        (#"{"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}"#, nil),
        ("[]", "Condition is an object that is not empty, but here is an array"),
        ("{}", "Condition is an object that is not empty, but here is an empty one"),
        (#"{"StringEquals": {}}"#, "StringEquals is an object that is not empty"),
        (#"{"StringEquals": "a"}"#, "StringEquals is an object that is not empty, but here is a string"),
        (#"{"stringEquals": {"a:b": "c"}}"#, "unknown operator 'stringEquals'"),
        (#"{"StringEqual": {"a:b": "c"}}"#, "unknown operator"),
        (#"{"ForAnyValues:StringEquals": {"a:b": "c"}}"#, "unknown operator"),
        (#"{"ForAnyValue:": {"a:b": "c"}}"#, "unknown operator 'ForAnyValue:'"),
        (#"{"IfExists": {"a:b": "c"}}"#, "unknown operator"),
        (#"{"StringEqualsIfExistsIfExists": {"a:b": "c"}}"#, "unknown operator"),
        (#"{"NullIfExists": {"a:b": true}}"#, "unknown operator 'NullIfExists'"),
        (#"{"ForAnyValue:Null": {"a:b": true}}"#, "unknown operator"),
        (#"{"StringEquals": {"": "c"}}"#, "'', which is no condition key"),
        (#"{"StringEquals": {"team": "c"}}"#, "'team', which is no condition key"),
        (#"{"StringEquals": {":b": "c"}}"#, "no condition key"),
        (#"{"StringEquals": {"a:": "c"}}"#, "no condition key"),
        (#"{"StringEquals": {"aws:*": "c"}}"#, "no condition key"),
        (#"{"StringEquals": {"aws:PrincipalTag/${aws:username}": "c"}}"#, "no condition key"),
        (#"{"StringEquals": {"aws:a\u0000": "c"}}"#, "no condition key"),
        (#"{"StringEquals": {"aws:a": "c", "AWS:A": "d"}}"#, "has the key 'AWS:A' twice"),
        (#"{"StringEquals": {"aws:PrincipalTag/k": "c", "aws:PrincipalTag/\u212A": "d"}}"#, "twice"),
        (#"{"StringEquals": {"aws:PrincipalTag/s": "c", "aws:PrincipalTag/\u017F": "d"}}"#, "twice"),
        (#"{"StringEquals": {"aws:a": []}}"#, "StringEquals 'aws:a' is an empty array"),
        (
            #"{"StringEquals": {"aws:a": null}}"#,
            "takes strings, booleans and numbers without exponent, but here is null"
        ),
        (#"{"StringEquals": {"aws:a": [["b"]]}}"#, "here is an array"),
        (#"{"StringEquals": {"aws:a": {"b": "c"}}}"#, "here is an object"),
        (#"{"NumericEquals": {"aws:a": 1e3}}"#, "here is a number"),
        (#"{"NumericEquals": {"aws:a": "1e3"}}"#, "is not what the operator takes; write a number"),
        (#"{"NumericEquals": {"aws:a": "ten"}}"#, "write a number"),
        (#"{"NumericEquals": {"aws:a": "1."}}"#, "write a number"),
        (#"{"NumericEquals": {"aws:a": ""}}"#, "write a number"),
        (#"{"Bool": {"aws:a": "yes"}}"#, "write true or false"),
        (#"{"Null": {"aws:a": "${aws:b}"}}"#, "write true or false"),
        (#"{"DateLessThan": {"aws:a": ""}}"#, "is empty; only operators of strings take that"),
        (#"{"DateLessThan": {"aws:a": "${aws:b}"}}"#, "only operators of strings and ARNs take them"),
        (#"{"IpAddress": {"aws:a": "${aws:b}"}}"#, "only operators of strings and ARNs take them"),
        (#"{"BinaryEquals": {"aws:a": "${aws:b}"}}"#, "only operators of strings and ARNs take them"),
        (#"{"StringEquals": {"aws:a": "${aws:b"}}"#, "has a '${' without '}'"),
    ]

    @Test(arguments: conditions)
    func `takes and refuses conditions`(_ condition: String, _ expected: String?) {
        let sentence = fault(in: condition)?.description
        guard let expected else { return #expect(sentence == nil) }
        #expect(sentence?.contains(expected) == true, "\(sentence ?? "taken")")
    }

    @Test(arguments: SessionPolicyComparison.allCases)
    func `reads every operator of IAM with prefix and suffix as it is spelt`(_ comparison: SessionPolicyComparison) {
        let isNull = comparison == .null
        for prefix in ["", "ForAnyValue:", "ForAllValues:"] {
            for suffix in ["", "IfExists"] {
                let text = prefix + comparison.rawValue + suffix
                let isSound = !isNull || prefix.isEmpty && suffix.isEmpty
                #expect(SessionPolicyOperator(spelt: text)?.description == (isSound ? text : nil))
            }
        }
    }
}
