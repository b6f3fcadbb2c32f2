import ExchangeCore
import Foundation
import StrictJSON
import Testing

@testable import Gateway

@Suite struct PolicyLintTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..").standardizedFileURL

    private static let others = """
        version: 1
        session_policies:
          read-artifacts: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:Get*", Resource: "*" } }
          everything: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "*", Resource: "*" } }

        """

    /// The findings of a folder with an issuer, two session policies and `text`.
    private static func lint(_ text: String) throws -> [LintFinding] {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.issuers, to: "00.yaml")
        try folder.write(others, to: "10.yaml")
        try folder.write("version: 1\n" + text, to: "20.yaml")
        let now = Timestamp.now()
        let days = [("2026-01-31", 10), ("2025-01-31", -10)]
        let text = days.reduce("version: 1\n" + text) { text, day in
            text.replacing(day.0, with: "\(now + .seconds(86_400 * day.1))".prefix(10))
        }
        try folder.write(text, to: "20.yaml")
        if !text.contains("rules:") { try folder.write(rule("other", "x: 1"), to: "30.yaml") }
        return try PolicyFiles(path: folder.path).loadPolicy().lint(at: now)
    }

    /// A file of one rule with the keys of `text`, and what else a rule needs.
    private static func rule(_ name: String, _ text: String) -> String {
        var lines =
            ["name: \(name)", "issuer: vela"] + text.split(separator: "\n").map(String.init).filter { $0 != "x: 1" }
        if !text.contains("condition:") { lines.append("condition: { StringEquals: { repo: octo-org/octo-repo } }") }
        if !text.contains("roles:") { lines.append("roles: [\"arn:aws:iam::123456123456:role/test\"]") }
        return "version: 1\nrules:\n  - " + lines.joined(separator: "\n    ") + "\n"
    }

    @Test func `the sample policy is clean`() throws {
        let sample = Self.root.appendingPathComponent("deploy/policy/policy.d").path
        let policy = try PolicyFiles(path: sample, allowsWritableByOthers: true).loadPolicy()
        #expect(policy.lint(at: .now()) == [])
    }

    @Test(arguments: LintKind.allCases) func `the example of the documentation earns its kind`(_ kind: LintKind) throws
    {
        let document = try String(contentsOf: Self.root.appendingPathComponent("docs/policy-lint.md"), encoding: .utf8)
        let entry = try #require(document.components(separatedBy: "\n### \(kind.rawValue)\n").dropFirst().first)
        let block = try #require(entry.components(separatedBy: "```yaml\n").dropFirst().first)
        let example = try #require(block.components(separatedBy: "\n```").first)
        let isWhole = ["rules:", "issuers:", "session_policies:"].contains { example.hasPrefix($0) }
        let text = isWhole ? example + "\n" : Self.rule("example", example).replacing("version: 1\n", with: "")
        let findings = try Self.lint(text)
        #expect(findings.contains { $0.kind == kind }, "\(findings.map(\.description))")
    }

    @Test func `a finding has the line and column of its rule`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one", "two"))
        let findings = try PolicyFiles(path: folder.path).loadPolicy().lint(at: .now())
        let places = findings.filter { $0.kind == .noSessionName }.map { "\($0.file):\($0.line):\($0.column)" }
        #expect(places == ["policy.yaml:8:5", "policy.yaml:9:5"])
    }

    @Test func `the report counts, accepts kinds by name, and is JSON on request`() throws {
        let folder = try PolicyFolder()
        try folder.write(PolicyFolder.whole("one"))
        let policy = try PolicyFiles(path: folder.path).loadPolicy()
        let findings = policy.lint(at: .now())
        let all = LintReport(findings, of: policy, accepting: [])
        #expect(all.text.split(separator: "\n").count == findings.count + 1)
        #expect(all.text.hasSuffix("policy \(policy.digest): 1 rules, \(findings.count) findings"))
        let few = LintReport(findings, of: policy, accepting: [.noSessionName])
        #expect(few.findings.count == findings.count - 1)
        #expect(few.text.hasSuffix("\(findings.count - 1) findings, 1 accepted"))
        #expect(!few.text.contains("no-session-name"))
        let json = try #require(try JSONValue(parsing: few.json).object)
        #expect(json["findings"]?.array?.count == findings.count - 1)
        let first = try #require(json["findings"]?.array?.first?.object)
        #expect(first["kind"]?.string == few.findings.first?.kind.rawValue)
        #expect(first["rule"]?.string == "one" && first["line"]?.integer == 8)
    }
}
