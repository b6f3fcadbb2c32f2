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
