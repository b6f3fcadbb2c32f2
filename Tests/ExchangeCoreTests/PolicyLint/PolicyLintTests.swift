import Testing

@testable import ExchangeCore

@Suite struct PolicyLintTests {
    @Test(arguments: LintKind.allCases) func `finds each kind in what earns it, and not in what comes close`(
        _ kind: LintKind
    ) throws {
        let cases = LintCase.all.filter { $0.kind == kind }
        #expect(!cases.flatMap(\.earning).isEmpty, "no policy earns \(kind.rawValue)")
        #expect(!cases.flatMap(\.nearMisses).isEmpty, "no policy comes close to \(kind.rawValue)")
        for json in cases.flatMap(\.earning) {
            let kinds = try PolicySet.lint(json).map(\.kind)
            #expect(kinds.contains(kind), "\(kind.rawValue) is missed in \(json)")
        }
        for json in cases.flatMap(\.nearMisses) {
            let findings = try PolicySet.lint(json).filter { $0.kind == kind }
            #expect(findings.isEmpty, "a false alarm in \(json)")
        }
    }

    @Test func `finds nothing in a sound policy`() throws {
        #expect(try PolicySet.lint(.policy(.rule(), issuers: .velaAlone)) == [])
    }

    /// The words are what an operator has: place, rule, kind, the values and the remedy.
    @Test(arguments: [
        (
            #"{"StringLike": {"sub": "repo:o/r:ref:refs/heads/main*"}}"#,
            "rule one: subject-crosses-event: sub 'repo:o/r:ref:refs/heads/main*' takes refs/heads/main-evil as well, and its * "
                + "reaches over :event:, so it takes every event; end it as in ref:refs/heads/main:event:push"
        ),
        (
            #"{"StringEquals": {"event": ["push", "pull_request"]}}"#,
            "rule one: event-never-sent: StringEquals event pull_request is nothing that Vela sends, so nothing comes by it; "
                + "most have an action: write push, tag, schedule, or StringLike: { event: \"pull_request:*\" }"
        ),
        (
            #"{"StringEquals": {"repo": "o/r"}, "StringLike": {"sub": "repo:o/x:*"}}"#,
            "rule one: never-matches: no token meets its condition: StringLike repo:o/x:* fits no sub that Vela writes; by the "
                + "other tests it is repo:o/r:ref:*:event:*; correct one of the tests, or remove the rule"
        ),
    ])
    func `says what is dangerous, with the values, and the remedy`(_ condition: String, _ words: String) throws {
        let findings = try PolicySet.lint(.policy(.rule(condition: condition)))
        #expect(findings.map(\.description).contains { $0.hasSuffix(words) }, "\(findings)")
    }

    @Test func `gives file, line and column, in reading order`() throws {
        let sources = try [("b.yaml", "two"), ("a.yaml", "one")].map { file, name in
            let issuers = file == "a.yaml" ? String.velaAlone : "[]"
            let text = String.policy(
                .rule(name, sessionName: nil), .rule(name + "-b", sessionName: nil), issuers: issuers)
            return try PolicySource(text.replacing(#""issuers": [], "#, with: ""), file: file)
        }
        let findings = try PolicyCompiler.compile(sources, at: .loading).lint(at: .loading)
            .filter { $0.kind == .noSessionName }
        #expect(findings.map(\.rule) == ["one", "one-b", "two", "two-b"])
        #expect(findings.map(\.file) == ["a.yaml", "a.yaml", "b.yaml", "b.yaml"])
        #expect(findings[0].line < findings[1].line && findings[0].column == 1)
        let first = findings[0]
        #expect(
            first.description.hasPrefix("a.yaml:\(first.line):1: rule one: no-session-name: it has no session_name"))
    }

    @Test func `counts what it does not show`() throws {
        let rules = (1...250).map { String.rule("rule-\($0)", roles: ["\(String.role)-\($0)"], sessionName: nil) }
        let json = """
            {"version": 1, "issuers": \(String.velaAlone), "rules": [\(rules.joined(separator: ", "))]}
            """
        let findings = try PolicySet.lint(json).filter { $0.kind == .noSessionName }
        #expect(findings.count == PolicySet.mostFindings)
        #expect(findings.last?.rule == "rule-100")
        #expect(findings.last?.message.hasPrefix("and 151 more of this kind") == true)
    }

    /// Three hundred rules for one role are forty-five thousand pairs, each of which lint looks at.
    @Test func `compares every pair of rules for one role`() throws {
        let rules = (1...300).map { String.rule("rule-\($0)", condition: #"{"StringEquals": {"repo": "o/r\#($0)"}}"#) }
        let json = """
            {"version": 1, "issuers": \(String.velaAlone), "rules": [\(rules.joined(separator: ", "))]}
            """
        #expect(try PolicySet.lint(json).allSatisfy { ![.laxerLaterRule, .shadowedRule].contains($0.kind) })
    }
}
