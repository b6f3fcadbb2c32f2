import Testing

@testable import ExchangeCore

@Suite struct AlwaysPolicyTests {
    /// A statement, and a part of the fault that it must bring; nil when it may be added to every session.
    @Test(arguments: [
        (SessionPolicies.deny("iam:*", on: "*"), nil),
        (#"{"Effect": "Deny", "NotAction": "s3:*", "NotResource": "arn:aws:s3:::b/*"}"#, nil),
        (
            SessionPolicies.deny(
                "*", on: "*", condition: #"{"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}"#), nil
        ),
        (SessionPolicies.deny("*", on: "arn:aws:s3:::b/${*}"), nil),
        (SessionPolicies.allow("s3:*", on: "*"), "an always only takes away"),
        (
            SessionPolicies.deny("*", on: "arn:aws:s3:::${aws:username}"),
            "one that does not resolve voids the statement"
        ),
        (SessionPolicies.deny("*", on: "arn:aws:s3:::${aws:username, 'x'}"), "voids the statement"),
        (#"{"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::${aws:username}"}"#, "voids the statement"),
        (
            SessionPolicies.deny("*", on: "*", condition: #"{"StringNotEquals": {"aws:x": ["a", "${aws:y}"]}}"#),
            "voids the statement"
        ),
        (SessionPolicies.deny("*", on: "arn:aws:s3"), "is a short ARN"),
    ])
    func `holds Deny statements that always count`(_ statement: String, _ expected: String?) throws {
        let document = try SessionPolicies.document(SessionPolicies.deny("sts:*", on: "*"), statement)
        do throws(SessionPolicyFault) {
            #expect(try AlwaysPolicy(document).document == document)
            #expect(expected == nil)
        } catch {
            guard case .unsuitable(let sentence) = error, let expected else { return #expect(Bool(false), "\(error)") }
            #expect(sentence.hasPrefix("statement 2: ") && sentence.contains(expected), "\(sentence)")
        }
    }
}
