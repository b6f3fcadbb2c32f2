import ArgumentParser
import ExchangeCore
import StrictJSON

/// Loads a policy with the server's own engine and says what is legal in it and dangerous.
struct PolicyLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Show what is legal in a policy and dangerous.",
        discussion: """
            docs/policy-lint.md has an entry for each kind of finding. The exit status is 0 when there is none, and 1 when there \
            is any or the policy does not load.
            """)

    @OptionGroup var policy: PolicyOptions

    @Option(help: ArgumentHelp("Accept all findings of a kind. May be repeated.", valueName: "kind"))
    var allow: [LintKind] = []

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let policy = try policy.load()
        let report = LintReport(policy.lint(at: .now()), of: policy, accepting: Set(allow))
        print(json ? report.json : report.text)
        if !report.findings.isEmpty { throw ExitCode(1) }
    }
}

extension LintKind: ExpressibleByArgument {}

/// The findings of a policy as the command prints them.
struct LintReport: Sendable {
    /// Without those of a kind that the operator accepts.
    let findings: [LintFinding]
    private let acceptedCount: Int
    private let digest: String
    private let ruleCount: Int

    init(_ all: [LintFinding], of policy: PolicySet, accepting kinds: Set<LintKind>) {
        findings = all.filter { !kinds.contains($0.kind) }
        acceptedCount = all.count - findings.count
        digest = policy.digest
        ruleCount = policy.ruleNames.count
    }

    /// A line each, and one that counts them.
    var text: String {
        let accepted = acceptedCount > 0 ? ", \(acceptedCount) accepted" : ""
        let summary = "policy \(digest): \(ruleCount) rules, \(findings.count) findings\(accepted)"
        return (findings.map(\.description) + [summary]).joined(separator: "\n")
    }

    /// `{"policy":DIGEST,"rules":2,"accepted":0,"findings":[{"kind":..,"rule":..,"file":..,"line":1,"column":1,"message":..}]}`;
    /// `rule` is missing where a finding is no rule's.
    var json: String {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("policy", digest)
        writer.member("rules", ruleCount)
        writer.member("accepted", acceptedCount)
        writer.name("findings")
        writer.beginArray()
        for finding in findings { Self.write(finding, into: &writer) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func write(_ finding: LintFinding, into writer: inout JSONWriter<[UInt8]>) {
        writer.beginObject()
        writer.member("kind", finding.kind.rawValue)
        writer.member("rule", finding.rule)
        writer.member("file", finding.file)
        writer.member("line", finding.line)
        writer.member("column", finding.column)
        writer.member("message", finding.message)
        writer.endObject()
    }
}
