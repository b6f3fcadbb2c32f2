/// By which way a request must come. In forward mode nothing else keeps a step with its own token from AWS STS.
extension LintedTrust {
    func missingPin(_ entrance: TrustEntrance) -> [TrustRemark] {
        guard expectations.gateway == nil, entrance.source.isHeldBySteps, !entrance.isPinned else { return [] }
        return [
            TrustRemark(
                "it takes tokens that steps hold from wherever they come: a step that calls AWS STS itself passes the "
                    + "gateway, its policy and its audit",
                remedy: "add IpAddress: {\"aws:SourceIp\": [the gateway's public addresses]} or StringEquals: "
                    + "{\"aws:SourceVpce\": [its endpoint]}, or go over to issuer mode (docs/issuer-mode.md)")
        ]
    }
}

extension TrustEntrance {
    /// Whether a bound names a way. A private address alone names none: other networks have the same.
    fileprivate var isPinned: Bool {
        bounds.contains { TrustKey.ways.contains($0.key) }
    }

    var widePins: [TrustRemark] {
        let ranges = bounds.filter { $0.key == .sourceIP }.flatMap(\.values).filter {
            AddressRange(parsing: $0)?.isWide ?? false
        }
        let networks = ([TrustKey.sourceVPC, .sourceVPCE].flatMap(patterns(of:)).joined())
            .filter { $0.symbols.hasWildcard }.map(\.description)
        let wide = (ranges + networks).map { value in
            TrustRemark(
                "the way \(value.quoted) is open to others than the gateway",
                remedy: "name the gateway's own addresses, or the one endpoint, in full")
        }
        return wide + addressWithoutNetwork
    }

    private var addressWithoutNetwork: [TrustRemark] {
        let ways = Set(bounds.map(\.key)).intersection(TrustKey.ways)
        guard ways == [.vpcSourceIP] else { return [] }
        return [
            TrustRemark(
                "aws:VpcSourceIp alone is no pin: in any other VPC, of any account, the same private addresses exist",
                remedy: "add StringEquals: {\"aws:SourceVpce\": ...} or {\"aws:SourceVpc\": ...}")
        ]
    }

    var pinsNeverMet: [TrustRemark] { bothWays + privateSources }

    /// AWS sets `aws:SourceIp` for requests over the internet, the others for requests through an endpoint of a VPC.
    private var bothWays: [TrustRemark] {
        let ways = Set(bounds.filter { !$0.isAlternative }.map(\.key)).intersection(TrustKey.ways)
        guard ways.contains(.sourceIP), ways.count > 1 else { return [] }
        return [
            TrustRemark(
                "no request has aws:SourceIp and a key of a VPC: the one is set over the internet, the other through an "
                    + "endpoint, so nobody comes in",
                remedy: "keep one of them, or write a statement for each way")
        ]
    }

    private var privateSources: [TrustRemark] {
        let bounds = bounds.filter { $0.key == .sourceIP && !$0.isAlternative }
        return bounds.filter { $0.values.allSatisfy { AddressRange(parsing: $0)?.isPrivate ?? false } }.map { bound in
            TrustRemark(
                "aws:SourceIp is an address of the internet and never \(bound.values.shownAsList), so nobody comes in",
                remedy: "write the public address of the NAT or proxy, or pin the endpoint by aws:SourceVpce")
        }
    }
}
