import ExchangeCore
import Foundation
import StrictJSON
import Testing

@testable import Gateway

@Suite struct TrustLintReportTests {
    private static let open = """
        {"Statement": {"Sid": "A", "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
         "Principal": {"Federated": "arn:aws:iam::123456123456:oidc-provider/v.example.com/_services/token"}}}
        """
    private static let service = """
        {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}}
        """

    private static func report(_ document: String, accepting kinds: Set<TrustFindingKind> = []) throws
        -> TrustLintReport
    {
        let roles = try RoleTrust.all(in: Array(document.utf8))
        return TrustLintReport(
            roles, of: "trust.json", expecting: TrustExpectations(issuers: [], gateway: nil), accepting: kinds)
    }

    @Test func `a line for each finding, and one that counts`() throws {
        let lines = try Self.report(Self.open).text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("trust.json: statement 1 (Sid A): no-subject: "))
        #expect(lines[3] == "trust.json: 1 trust policy, 3 findings")
        let few = try Self.report(Self.open, accepting: [.noSubject, .noAudience])
        #expect(few.text.hasSuffix("trust.json: 1 trust policy, 1 findings, 2 accepted"))
    }

    @Test func `as JSON, with the remedy apart`() throws {
        let json = try #require(try JSONValue(parsing: try Self.report(Self.open).json).object)
        #expect(json["roles"]?.integer == 1 && json["accepted"]?.integer == 0)
        let first = try #require(json["findings"]?.array?.first?.object)
        #expect(
            first["kind"]?.string == "no-subject" && first["statement"]?.integer == 1 && first["sid"]?.string == "A")
        #expect(first["message"]?.string?.isEmpty == false && first["remedy"]?.string?.isEmpty == false)
        #expect(first["role"] == nil)
    }

    @Test func `of a list, roles of services are passed over, and others are named`() throws {
        let document = """
            {"Roles": [{"Arn": "arn:aws:iam::123456123456:role/a", "AssumeRolePolicyDocument": \(Self.open)},
                       {"Arn": "arn:aws:iam::123456123456:role/b", "AssumeRolePolicyDocument": \(Self.service)}]}
            """
        let text = try Self.report(document).text
        #expect(text.hasPrefix("trust.json: arn:aws:iam::123456123456:role/a: statement 1"))
        #expect(text.hasSuffix("1 trust policy, 3 findings, 1 roles without web identities passed over"))
        #expect(try !Self.report(Self.service).findings.isEmpty)
    }

    @Test func `indented JSON is the same document`() throws {
        let text = #"{"a":[],"b":{"c":["x",{"d":"\"\n"}],"e":{}},"f":null}"#
        let value = try JSONValue(parsing: text)
        #expect(try JSONValue(parsing: value.indented) == value)
        #expect(value.indented.hasPrefix("{\n  \"a\": [],\n  \"b\": {\n    \"c\": [\n      \"x\",\n      {\n"))
    }

    @Test(arguments: ["a", "*", "**", "a b", "a/b", String(repeating: "a", count: 65)])
    func `a session's name is in AWS's characters, and a star alone is none`(_ text: String) {
        #expect(SessionText(argument: text) == nil)
    }

    @Test(arguments: ["Repo", "=x", "Repo=", "Repo=a*", "Repo=${x}", "Re?po=x"]) func `a tag has no wildcard`(
        _ text: String
    ) {
        #expect(TagArgument(argument: text) == nil)
    }

    @Test func `a tag is cut at its first equals sign`() throws {
        let tag = try #require(TagArgument(argument: "Repo=octo-org/octo-repo=1"))
        #expect(tag.key == "Repo" && tag.value == "octo-org/octo-repo=1")
    }
}
