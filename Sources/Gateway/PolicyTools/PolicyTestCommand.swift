import ArgumentParser
import ExchangeCore

/// Runs the cases of a policy repository.
struct PolicyTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run files of cases against a policy; exit status 1 when one fails.",
        discussion: "docs/policy.md shows what a case is. The policy is the server's own engine.")

    @OptionGroup var policy: PolicyOptions

    @Argument(help: "YAML files of cases.")
    var cases: [String]

    @Flag(help: "Print failures and the summary only.")
    var quiet = false

    func run() throws {
        let policy = try policy.load()
        let paint = Paint.forOutput
        var failed = 0
        let all = try cases.flatMap { try PolicyCases.read($0).cases }
        for policyCase in all {
            if let failure = policyCase.failure(under: policy) {
                failed += 1
                print("\(paint.red("FAIL"))  \(policyCase.name): \(failure)")
            } else if !quiet {
                print("\(paint.green("ok"))    \(policyCase.name)")
            }
        }
        print("\(all.count - failed) passed, \(failed) failed, policy \(policy.digest)")
        if failed > 0 { throw ExitCode(1) }
    }
}
