import ArgumentParser
import ExchangeCore

/// Whose tokens a trust policy is meant to take.
struct TrustIssuerOptions: ParsableArguments {
    @OptionGroup var consulted: ConsultedPolicyOptions

    @Option(
        help: ArgumentHelp(
            "The URL of Vela's issuer. May be repeated. Without it and --policy, an address that ends in /_services/token is Vela's.",
            valueName: "url"))
    var velaIssuer: [IssuerAddress] = []

    @Option(help: ArgumentHelp("The URL of the gateway's own issuer, for a role of issuer mode.", valueName: "url"))
    var gatewayIssuer: IssuerAddress?

    func expectations(for role: RoleARN?, extras: MintedExtras) throws -> TrustExpectations {
        let loaded = try consulted.load()
        let ofPolicy = loaded?.issuers.map { TrustedIssuer(url: $0.url, isVela: $0.kind == .vela) } ?? []
        let named = velaIssuer.map { TrustedIssuer(url: $0.url, isVela: true) }
        // What the policy's rules put into the tokens, unless somebody says that there is less.
        let ofRules = loaded?.mintedExtras(for: role) ?? MintedExtras()
        let least = MintedExtras(
            holdsTags: extras.holdsTags && ofRules.holdsTags,
            holdsSourceIdentity: extras.holdsSourceIdentity && ofRules.holdsSourceIdentity)
        return TrustExpectations(issuers: named + ofPolicy, gateway: gatewayIssuer?.url, role: role, extras: least)
    }
}

/// What the gateway's tokens carry besides who comes.
struct MintedExtrasOptions: ParsableArguments {
    @Flag(help: "The gateway's tokens carry no session tags.")
    var withoutTags = false

    @Flag(help: "The gateway's tokens carry no source identity.")
    var withoutSourceIdentity = false

    var extras: MintedExtras {
        MintedExtras(holdsTags: !withoutTags, holdsSourceIdentity: !withoutSourceIdentity)
    }
}

/// An issuer's URL on the command line.
struct IssuerAddress: ExpressibleByArgument, Sendable {
    let url: String

    init?(argument: String) {
        guard (try? IssuerURL(parsing: argument, allowPlaintext: true)) != nil, !argument.hasSuffix("/") else {
            return nil
        }
        url = argument
    }
}
