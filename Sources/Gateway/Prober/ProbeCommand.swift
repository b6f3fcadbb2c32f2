import ArgumentParser

/// Proves from outside that a gateway serves whom it must and nobody else.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Prove over HTTP that a gateway serves a good token and refuses bad ones.",
        discussion: "'probe run --help' lists the options; 'run' can be left out. docs/operations.md, \"Probing\".",
        subcommands: [ProbeRunCommand.self, ProbeNewKeyCommand.self], defaultSubcommand: ProbeRunCommand.self)
}
