/// What somebody wants of a trust policy for a rule, where the rule does not say it.
package struct TrustTerms: Sendable {
    /// Nil takes the rule's own, for which issuer mode needs `gateway`.
    package var mode: FederationMode?
    /// The URL of the gateway's own issuer.
    package var gateway: String?
    /// The role, where the rule has roles in several accounts. Nil takes the only account that the rule names.
    package var role: RoleARN?
    /// Patterns of `sub` in place of what the rule's condition says. Empty derives them.
    package var subjects: [String]
    /// The audience in place of what the policy says.
    package var audience: String?
    package var way: NetworkWay
    /// What the gateway's tokens may carry at most; a rule in issuer mode says what they do.
    package var extras: MintedExtras

    package init(
        mode: FederationMode? = nil, gateway: String? = nil, role: RoleARN? = nil, subjects: [String] = [],
        audience: String? = nil,
        way: NetworkWay = NetworkWay(), extras: MintedExtras = MintedExtras()
    ) {
        self.mode = mode
        self.gateway = gateway
        self.role = role
        self.subjects = subjects
        self.audience = audience
        self.way = way
        self.extras = extras
    }
}

/// By which way the gateway's requests come to STS. Over the internet and through an endpoint exclude each other.
package struct NetworkWay: Sendable, Hashable {
    package var sourceIPs: [String]
    package var sourceVPCs: [String]
    package var sourceVPCEs: [String]
    package var vpcSourceIPs: [String]

    package init(
        sourceIPs: [String] = [], sourceVPCs: [String] = [], sourceVPCEs: [String] = [], vpcSourceIPs: [String] = []
    ) {
        self.sourceIPs = sourceIPs
        self.sourceVPCs = sourceVPCs
        self.sourceVPCEs = sourceVPCEs
        self.vpcSourceIPs = vpcSourceIPs
    }

    package var isOpen: Bool { self == NetworkWay() }

    /// What stands beside `sub` and `aud`, by operator and key.
    var conditions: [StatementCondition] {
        [
            StatementCondition("IpAddress", "aws:SourceIp", sourceIPs),
            StatementCondition("IpAddress", "aws:VpcSourceIp", vpcSourceIPs),
            StatementCondition("StringEquals", "aws:SourceVpc", sourceVPCs),
            StatementCondition("StringEquals", "aws:SourceVpce", sourceVPCEs),
        ].filter { !$0.values.isEmpty }
    }
}
