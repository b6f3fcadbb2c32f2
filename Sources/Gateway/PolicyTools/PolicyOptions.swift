import ArgumentParser
import ExchangeCore

/// Which policy a command is about.
struct PolicyOptions: ParsableArguments {
    @Argument(help: "A YAML file, or a folder of them.")
    var path: String

    @Flag(help: "Take files that others than their owner may write.")
    var allowWritable = false

    /// The policy as the server would load it, or every fault at once.
    func load() throws -> PolicySet {
        try PolicyFiles(path: path, allowsWritableByOthers: allowWritable).loadPolicy()
    }
}

/// A policy that a command asks for help, where it is not what the command is about.
struct ConsultedPolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The gateway's policy: its issuers, and what its rules put into sessions.", valueName: "path"))
    var policy: String?

    @Flag(help: "Take policy files that others than their owner may write.")
    var allowWritable = false

    /// Nil where none is named.
    func load() throws -> PolicySet? {
        try policy.map { try PolicyFiles(path: $0, allowsWritableByOthers: allowWritable).loadPolicy() }
    }
}
