import ArgumentParser

/// Looks after the gateway's own keys.
struct IssuerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issuer",
        abstract: "Make, show and publish the keys of the gateway's own tokens.",
        discussion: "docs/operations.md, \"The gateway as an issuer\".",
        subcommands: [IssuerNewKeyCommand.self, IssuerShowCommand.self, IssuerPublishCommand.self])
}

/// Where the issuer's settings come from. Of a whole configuration only `issuer_*` and the way out are read.
struct IssuerOptions: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions

    func load() throws -> (issuer: IssuerSettings, settings: Settings) {
        var settings = try options.given()
        let issuer = settings.issuer()
        guard settings.faults.isEmpty else { throw ConfigurationError(faults: settings.faults) }
        guard let issuer else {
            throw StartFailure("name issuer_url and issuer_keys: by --config FILE, --set or GATEWAY_ISSUER_URL")
        }
        return (issuer, settings)
    }
}
