package import Logging
import MicroHTTPD
import OutboundHTTP

/// How one gateway runs. What it may grant is not here but in the policy.
package struct GatewayConfiguration: Sendable {
    var service: ListenAddress
    var health: ListenAddress
    /// On loopback or a Unix socket; nil switches it off.
    var administration: ListenAddress?
    var tls: TLSFiles?
    /// Plain HTTP off loopback, because TLS ends in a mesh or proxy.
    var allowsPlaintext: Bool
    /// A YAML file or a folder of them.
    var policyPath: String
    /// Whether policy files may be writable by others than their owner.
    var allowsWritablePolicy: Bool
    var sts: STSEndpoints
    /// What `/sts/<name>` stands for, by the name.
    var stsProfiles: [String: STSProfile]
    var outbound: OutboundConfiguration
    var auditSinks: [AuditTarget]
    /// How long a record may wait for its sinks.
    var auditPatience: Duration
    var threads: Int
    /// How many requests may call STS and wait for it.
    var admission: AdmissionLimits
    /// How many requests a second one address may send; nil sets no limit.
    var requestsPerAddress: Int?
    /// Where used tokens of rules for one use are noted.
    var oneUse: OneUseSettings
    /// The gateway as an issuer of its own; nil where it is none.
    var issuer: IssuerSettings?
    /// Where an emergency deny is looked for.
    var emergency: EmergencySettings
    /// Whose X-Forwarded-For is taken.
    var trustedProxies: TrustedProxies
    var requestDeadline: Duration
    /// What `/v1/whoami` tells.
    var whoami: WhoamiDetail
    var drainDelay: Duration
    var drainGrace: Duration
    package var logLevel: Logger.Level
    /// Written when the gateway serves: its addresses as JSON, for tests and the demo. Nil writes nothing.
    var readyFile: String?
    /// The name of this process in audit lines.
    var replica: String
}

/// Where audit lines go.
enum AuditTarget: Sendable, Equatable {
    case standardOutput
    case file(String)
}

/// Everything wrong with a configuration, each fault with its key and remedy.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    package let faults: [String]
    package var description: String { faults.joined(separator: "\n") }
}
