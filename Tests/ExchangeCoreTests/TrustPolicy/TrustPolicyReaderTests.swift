import Testing

@testable import ExchangeCore

@Suite struct TrustPolicyReaderTests {
    private static let statement = """
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        """

    /// What is wrong with it, and words of the fault.
    @Test(arguments: [
        ("", "unexpected end"),
        ("[]", "a trust policy is a JSON object, but here is an array"),
        ("{}", "has no Statement"),
        (#"{"Statement": []}"#, "has no Statement"),
        (#"{"statement": []}"#, "case matters, write Statement"),
        (#"{"Version": "2012-10-17", "Statement": [5]}"#, "statement 1: a statement is an object"),
        (
            #"{"Statement": {"Effect": "allow", "Principal": "*", "Action": "*"}}"#,
            "statement 1: Effect is Allow or Deny"
        ),
        (#"{"Statement": {"Effect": "Allow", "Action": "*"}}"#, "has no Principal"),
        (#"{"Statement": {"Effect": "Allow", "Principal": "*", "NotPrincipal": "*", "Action": "*"}}"#, "one of them"),
        (#"{"Statement": {"Effect": "Allow", "Principal": "*"}}"#, "has no Action"),
        (
            #"{"Statement": {"Effect": "Allow", "Principal": "ec2", "Action": "*"}}"#,
            #"a Principal is "*" or an object"#
        ),
        (
            #"{"Statement": {"Effect": "Allow", "Principal": {"Aws": "x"}, "Action": "*"}}"#,
            "unknown kind of Principal 'Aws'"
        ),
        (#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": []}, "Action": "*"}}"#, "is an empty array"),
        (#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "assume role"}}"#, "is no action"),
        (#"{"Statement": {"Effect": "Allow", "Resource": "*", "Action": "s3:Get*"}}"#, "it is no trust policy"),
        (
            #"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"StringIs": {"a:b": "c"}}}}"#,
            "no operator of IAM"
        ),
        (
            #"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"Bool": {"a:b": null}}}}"#,
            "takes strings, but here is null"
        ),
        (#"{"Statement": {"Effect": "Allow", "Effect": "Deny", "Principal": "*", "Action": "*"}}"#, "occurs twice"),
        (#"{"Role": {"RoleName": "test"}}"#, "role 'test': it has no AssumeRolePolicyDocument"),
        (#"{"Role": {"RoleName": "test", "AssumeRolePolicyDocument": "%7B"}}"#, "role 'test': unexpected end"),
        (#"{"Roles": 5}"#, "Roles is an array"),
    ]) func `says what it cannot read`(_ document: String, _ words: String) {
        let fault = #expect(throws: TrustPolicyFault.self) { _ = try RoleTrust.all(in: Array(document.utf8)) }
        #expect(fault?.description.contains(words) ?? false, "\(fault?.description ?? "")")
    }

    @Test func `what is far longer than AWS takes is refused`() {
        let statements = Array(repeating: Self.statement, count: 200).joined(separator: ",")
        let fault = #expect(throws: TrustPolicyFault.self) {
            _ = try RoleTrust.all(in: Array(#"{"Statement": [\#(statements)]}"#.utf8))
        }
        #expect(fault?.description.contains("4,096") ?? false)
    }

    @Test func `takes the roles that AWS lists, with their names`() throws {
        for list in ["Roles", "RoleDetailList"] {
            let document = """
                {"\(list)": [{"RoleName": "a", "Arn": "arn:aws:iam::123456123456:role/a",
                              "AssumeRolePolicyDocument": {"Statement": \(Self.statement)}},
                             {"RoleName": "b", "Arn": "arn:aws:iam::123456123456:role/x/b",
                              "AssumeRolePolicyDocument": "%7b%22Statement%22%3A\(Self.statement.encoded)%7D"}]}
                """
            let roles = try RoleTrust.all(in: Array(document.utf8))
            #expect(roles.map { $0.role?.name } == ["a", "b"])
            #expect(roles.map(\.policy.statements.count) == [1, 1])
            #expect(roles.map(\.policy.takesWebIdentities) == [false, false])
        }
    }

    @Test(arguments: [
        ("123456123456", TrustPrincipal.account("123456123456")),
        ("arn:aws:iam::123456123456:root", .account("123456123456")),
        ("arn:aws:iam::123456123456:role/root", .identity("arn:aws:iam::123456123456:role/root")),
        ("*", .everyone),
    ]) func `tells accounts from identities`(_ text: String, _ principal: TrustPrincipal) {
        #expect(TrustPrincipal(kind: "AWS", text: text) == principal)
    }

    @Test(arguments: [
        ("203.0.113.7", 32, false, false), ("203.0.113.0/24", 24, false, false), ("0.0.0.0/0", 0, true, false),
        ("16.0.0.0/7", 7, true, false), ("10.1.2.3/32", 32, false, true), ("172.31.0.0/16", 16, false, true),
        ("172.32.0.0/16", 16, false, false), ("192.168.0.0/16", 16, false, true), ("192.168.0.0/8", 8, false, false),
        ("100.64.0.0/10", 10, false, true), ("::/0", 0, true, false), ("2001:db8::/32", 32, false, false),
        ("fd00::1", 128, false, true), ("fe80::/10", 10, true, true),
    ]) func `reads the addresses of a pin`(_ text: String, _ prefix: Int, _ isWide: Bool, _ isPrivate: Bool) throws {
        let range = try #require(AddressRange(parsing: text))
        #expect(range.prefix == prefix && range.isWide == isWide && range.isPrivate == isPrivate)
    }

    @Test(arguments: ["", "/", "1.2.3", "1.2.3.4/33", "1.2.3.4/x", "1.2.3.256", "2001:db8::/129", "vpce-1", "::g"])
    func `takes nothing else for an address`(_ text: String) {
        #expect(AddressRange(parsing: text) == nil)
    }
}

extension String {
    /// Percent-encoded but for letters and digits.
    fileprivate var encoded: String {
        utf8.map { byte in
            byte.isLetter || byte.isDigit
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
