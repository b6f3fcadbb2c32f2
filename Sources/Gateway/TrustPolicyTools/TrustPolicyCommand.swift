import ArgumentParser
import Foundation

/// What can be done with trust policies of IAM roles. Nothing here asks AWS.
struct TrustPolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust-policy", abstract: "Check the trust policies of IAM roles, and write them.",
        subcommands: [TrustPolicyLintCommand.self, TrustPolicyPrintCommand.self])
}

/// Words for people, beside data on standard output.
enum StandardError {
    static func say(_ line: String) {
        // Nobody is left to be told when standard error is closed.
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }
}
