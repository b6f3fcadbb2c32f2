/// What somebody wants of a trust policy for a rule, where the rule does not say it.
package struct TrustTerms: Sendable {
    package var mode: TrustMode
    /// The role, where the rule has roles in several accounts. Nil takes the only account that the rule names.
    package var role: RoleARN?
    /// Patterns of `sub` in place of what the rule's condition says. Empty derives them.
    package var subjects: [String]
    /// The audience in place of the issuer's, or of `sts.amazonaws.com` in issuer mode.
    package var audience: String?
    package var way: NetworkWay
    package var extras: MintedExtras

    package init(
        mode: TrustMode, role: RoleARN? = nil, subjects: [String] = [], audience: String? = nil,
        way: NetworkWay = NetworkWay(), extras: MintedExtras = MintedExtras()
    ) {
        self.mode = mode
        self.role = role
        self.subjects = subjects
        self.audience = audience
        self.way = way
        self.extras = extras
    }
}

/// Whose tokens STS sees.
package enum TrustMode: Sendable, Hashable {
    /// The step's own.
    case forward
    /// The gateway's, whose issuer has this URL.
    case issuer(url: String)
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
