import ArgumentParser
import ExchangeCore
import Logging
import MicroHTTPD
import OutboundHTTP
import ProcessHardening
import StrictJSON

/// `vela-aws-gateway`: serves by default.
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vela-aws-gateway",
        abstract: "Exchanges Vela ID tokens for short-lived AWS credentials, by a reviewed policy.",
        discussion: """
            Settings come from --set KEY=VALUE, then the environment (GATEWAY_KEY), then --config FILE.
            config.example.yaml documents each of them.
            """,
        version: Version.summary,
        subcommands: [
            ServeCommand.self, CheckConfigCommand.self, PolicyCommand.self, AuditCommand.self, ProbeCommand.self,
            IssuerCommand.self, TrustPolicyCommand.self, RevokeCommand.self,
            EmergencyDenyCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}

/// Runs the gateway until SIGTERM.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve until SIGTERM (the default).")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        guard ProcessHardening.apply() else {
            throw StartFailure("the system does not let the process turn core dumps off, and it must not run with them")
        }
        let configuration = try options.load()
        var logger = Logger(label: "vela-aws-gateway") { _ in JSONLogHandler(level: configuration.logLevel) }
        logger.logLevel = configuration.logLevel
        try await Serving(configuration: configuration, logger: logger).run()
    }
}

/// Reads the configuration and the policy as `serve` would, and says what is wrong with them.
struct CheckConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Read configuration, policy and certificate, report every fault, start nothing.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try options.load()
        let policy = try configuration.policyFiles.loadPolicy()
        try configuration.check(policy)
        try configuration.oneUse.check()
        if let issuer = configuration.issuer {
            print("issuer \(issuer.url) has \(try issuer.keys.loadSome().keys.count) keys")
        }
        try configuration.emergency.file?.checkContent()
        if let tls = configuration.tls {
            let validity = try tls.read().configuration.checked()
            print("certificate and key fit; the certificate expires at \(Timestamp(seconds: validity.ends))")
        }
        print("configuration is valid; policy \(policy.digest) has \(policy.ruleNames.count) rules")
    }
}

/// What can be done with policies, by the engine of the server.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check, lint, explain and test policies.",
        subcommands: [
            PolicyCheckCommand.self, PolicyLintCommand.self, PolicyExplainCommand.self, PolicyTestCommand.self,
            PolicySchemaCommand.self,
        ])
}

/// Loads a policy with the server's own engine and reports every fault.
struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Load a policy file or folder and report every fault with its line.")

    @OptionGroup var policy: PolicyOptions

    func run() throws {
        let policy = try policy.load()
        print("policy \(policy.digest): \(policy.issuers.count) issuers, \(policy.ruleNames.count) rules, no faults")
    }
}
