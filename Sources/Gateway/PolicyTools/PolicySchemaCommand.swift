import ArgumentParser
import ExchangeCore

/// Prints the JSON Schema of policy files.
struct PolicySchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of policy files, for editors.",
        discussion: "With the YAML language server: # yaml-language-server: $schema=policy.schema.json")

    func run() {
        print(PolicySchema.json)
    }
}
