import ArgumentParser
import ExchangeCore
import StrictJSON

/// Writes the trust policy for the roles of a rule.
struct TrustPolicyPrintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print", abstract: "Write the trust policy for the roles of a rule.",
        discussion: """
            The policy goes to standard output, and what AWS cannot check of the rule to standard error. In forward mode say by \
            which way the gateway calls STS: --source-ip, or --source-vpce or --source-vpc. What is written is linted; the exit \
            status is 1 when there are findings.
            """)

    @OptionGroup var policy: PolicyOptions

    @Option(help: "The name of the allow rule.")
    var rule: String

    @Option(help: "forward or issuer, in place of the rule's own: whose tokens AWS is shown.")
    var federation: FederationMode?

    @Option(help: ArgumentHelp("The URL of the gateway's own issuer, in issuer mode.", valueName: "url"))
    var gatewayIssuer: IssuerAddress?

    @Option(help: ArgumentHelp("The role, where the rule has roles in several accounts.", valueName: "arn"))
    var role: RoleARN?

    @Option(
        help: ArgumentHelp(
            "A pattern of sub in place of what the rule's condition says. May be repeated.", valueName: "pattern"))
    var subject: [String] = []

    @Option(help: "The audience of the tokens that AWS is shown.")
    var audience: String?

    @OptionGroup var way: NetworkWayOptions
    @OptionGroup var extras: MintedExtrasOptions

    func validate() throws {
        if federation == .issuer, gatewayIssuer == nil {
            throw ValidationError("--federation issuer needs --gateway-issuer URL: AWS trusts that issuer")
        }
        if federation == .forward, gatewayIssuer != nil {
            throw ValidationError("--gateway-issuer is for issuer mode")
        }
    }

    func run() throws {
        let policy = try policy.load()
        let terms = TrustTerms(
            mode: federation, gateway: gatewayIssuer?.url, role: role, subjects: subject, audience: audience,
            way: way.way, extras: extras.extras)
        let trust: RuleTrust
        do { trust = try policy.trustPolicy(forRule: rule, on: terms) } catch { throw StartFailure("\(error)") }
        guard trust.mode == .issuer || gatewayIssuer == nil else {
            throw ValidationError(
                "the rule is in forward mode, in which AWS trusts Vela: leave --gateway-issuer out, or add --federation issuer"
            )
        }
        guard trust.mode == .issuer || way.unpinned || !way.way.isOpen else {
            throw ValidationError(
                "in forward mode a step can call STS with its own token: say by which way the gateway comes, --source-ip, "
                    + "--source-vpce or --source-vpc, or accept that with --unpinned")
        }
        print(trust.document.indented)
        for note in trust.notes { StandardError.say(note) }
        let findings = try findings(in: trust, under: policy)
        for finding in findings { StandardError.say("lint: \(finding)") }
        if !findings.isEmpty { throw ExitCode(1) }
    }

    /// What is wrong with what was asked for: a pattern that is too wide, a way that is none.
    private func findings(in trust: RuleTrust, under policy: PolicySet) throws -> [TrustFinding] {
        let issuers = policy.issuers.map { TrustedIssuer(url: $0.url, isVela: $0.kind == .vela) }
        let expectations = TrustExpectations(
            issuers: issuers, gateway: trust.mode == .issuer ? gatewayIssuer?.url : nil, role: role,
            extras: trust.extras)
        let accepted: Set<TrustFindingKind> = way.unpinned ? [.noNetworkPin] : []
        return try RoleTrust.all(in: trust.document.bytes).flatMap { $0.lint(expecting: expectations) }.filter {
            !accepted.contains($0.kind)
        }
    }
}

extension FederationMode: ExpressibleByArgument {}
