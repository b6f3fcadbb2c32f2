import ArgumentParser
import ExchangeCore
import Secrets
import StrictJSON

/// Says whether a step could come past the gateway by a role's trust policy.
struct TrustPolicyLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract:
            "Show by what in a role's trust policy a step comes past the gateway, or the gateway does not come in.",
        discussion: """
            Takes a trust policy, or what aws iam get-role or list-roles prints. docs/trust-policy.md has an entry for each kind \
            of finding. With --gateway-issuer the role is judged as one of issuer mode, else as one of forward mode. The exit \
            status is 0 without findings, 1 with any, and 2 when the document or the policy cannot be read.
            """)

    @Argument(help: ArgumentHelp("The document in JSON; - reads standard input.", valueName: "file"))
    var file: String

    @OptionGroup var issuers: TrustIssuerOptions
    @OptionGroup var extras: MintedExtrasOptions

    @Option(help: ArgumentHelp("The role's ARN, where the document does not say it.", valueName: "arn"))
    var role: RoleARN?

    @Option(help: ArgumentHelp("Accept all findings of a kind. May be repeated.", valueName: "kind"))
    var allow: [TrustFindingKind] = []

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    func run() throws {
        let report: TrustLintReport
        do {
            let expectations = try issuers.expectations(for: role, extras: extras.extras)
            let document = try SmallFile.read(file == "-" ? "/dev/stdin" : file).withBytes { [UInt8]($0) }
            let roles = try RoleTrust.all(in: document)
            report = TrustLintReport(roles, of: file, expecting: expectations, accepting: Set(allow))
        } catch {
            StandardError.say("\(file): \(error)")
            throw ExitCode(2)
        }
        print(output == .json ? report.json : report.text)
        if !report.findings.isEmpty { throw ExitCode(1) }
    }
}

/// How a report is printed.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

extension TrustFindingKind: ExpressibleByArgument {}

extension RoleARN: ExpressibleByArgument {
    package init?(argument: String) { self.init(parsing: argument) }
}
