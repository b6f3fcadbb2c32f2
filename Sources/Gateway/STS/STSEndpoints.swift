import ExchangeCore
import OutboundHTTP

/// Which address answers for a role's partition and a region.
///
/// Always regional. The table is AWS's own, as botocore's endpoint rules have it (the tests compare the two); an address
/// never comes from a caller, who only chooses among well-formed region names.
struct STSEndpoints: Sendable {
    /// Asks the FIPS 140 endpoints.
    var usesFIPS = false
    /// Asks the endpoints that answer over IPv6 too.
    var usesDualStack = false
    /// Asked instead of any of AWS's: a VPC endpoint or a stand-in. Nil is AWS's.
    var override: OutboundURL?

    /// The address for `region`, which must belong to the role's partition: elsewhere the role does not exist.
    func endpoint(for role: RoleARN, in region: Region) throws(STSEndpointError) -> OutboundURL {
        guard role.partition == region.partition else {
            throw .otherPartition(region: region, role: role.partition)
        }
        if let override { return override }
        let text = "https://\(hostPrefix(in: region.partition)).\(region).\(suffix(of: region.partition))/"
        do {
            return try OutboundURL(parsing: text)
        } catch {
            throw .noAddress(region: region)
        }
    }

    /// In GovCloud the ordinary endpoint is a FIPS one, and has no other name but for dual-stack.
    private func hostPrefix(in partition: Partition) -> String {
        guard usesFIPS else { return "sts" }
        return partition == .usGov && !usesDualStack ? "sts" : "sts-fips"
    }

    private func suffix(of partition: Partition) -> String {
        switch partition {
        case .aws, .usGov: usesDualStack ? "api.aws" : "amazonaws.com"
        case .china: usesDualStack ? "api.amazonwebservices.com.cn" : "amazonaws.com.cn"
        case .iso: usesDualStack ? "api.aws.ic.gov" : "c2s.ic.gov"
        case .isoB: usesDualStack ? "api.aws.scloud" : "sc2s.sgov.gov"
        case .isoE: usesDualStack ? "api.cloud-aws.adc-e.uk" : "cloud.adc-e.uk"
        case .isoF: usesDualStack ? "api.aws.hci.ic.gov" : "csp.hci.ic.gov"
        case .europeanSovereign: usesDualStack ? "api.amazonwebservices.eu" : "amazonaws.eu"
        }
    }
}

/// Why no endpoint answers for a role and a region.
enum STSEndpointError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The region lies in another partition than the role.
    case otherPartition(region: Region, role: Partition)
    /// The region's name gives no host name.
    case noAddress(region: Region)
    /// A token of the gateway's own would travel in the clear.
    case plaintext

    /// Shown to the caller: it names the remedy and nothing that he did not send.
    var description: String {
        switch self {
        case .otherPartition(let region, let role):
            "The region \(region) does not belong to the partition '\(role.rawValue)' of the role. Set a region that does."
        case .plaintext:
            "The gateway's own tokens go to STS over https only. Its operator must set sts_endpoint to an https address."
        case .noAddress(let region): "The region \(region) has no STS endpoint. Set another region."
        }
    }
}
