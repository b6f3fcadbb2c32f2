import EventLoop
import ExchangeCore
import Logging
import OutboundHTTP
import StrictJSON

/// Everything behind the listeners, made once at start from the configuration.
struct GatewayParts: Sendable {
    let metrics: GatewayMetrics
    let logger: Logger
    /// Where requests are served and STS is called.
    let loops: EventLoops
    let http: OutboundHTTPClient
    let policies: PolicyStore
    let verifier: TokenVerifier
    let auditLog: AuditLog
    let trail: AuditTrail
    let exchange: Exchange
    let readiness: Readiness
    /// Nil where the gateway is no issuer of its own.
    let issuer: OwnIssuer?
    let emergency: EmergencyWatch
    let drain = DrainFlag()

    /// What the tests replace.
    struct Surroundings: Sendable {
        /// The system's clock.
        var now: @Sendable () -> Timestamp = { Timestamp.now() }
        /// How long the container credentials front works for one request.
        var containerPatience = ContainerCredentialsEndpoint.usualPatience
        /// An STS in this process; nil is AWS's or the one that the configuration names.
        var sts: STSClient.Transport?
        /// Makes the gateway's own tokens; nil leaves it to the issuer of the configuration.
        var minter: TokenMinter?
        /// Opens one of the configured sinks.
        var openSink: @Sendable (AuditTarget) throws(AuditSinkError) -> any AuditSink = {
            (target) throws(AuditSinkError) in
            try target.open()
        }
    }

    /// Reads the policy, opens the audit sinks and makes the outbound client; throws what stands in the way of a start.
    init(
        _ configuration: GatewayConfiguration, logger: Logger, surroundings: Surroundings
    ) throws(StartFailure) {
        let now = surroundings.now
        self.logger = logger
        metrics = GatewayMetrics()
        loops = try Self.loops(configuration.threads)
        http = try Self.outboundClient(configuration, on: loops)
        try configuration.emergency.file?.check()
        policies = try Self.policies(configuration, surroundings)
        try configuration.check(policies.current)
        verifier = TokenVerifier(issuers: policies.current.issuers, fetch: http.keyFetch(), now: now)
        auditLog = try Self.auditLog(configuration, surroundings)
        trail = AuditTrail(log: auditLog, metrics: metrics, logger: logger, now: now)
        let around = OwnIssuer.Surroundings(fetch: http.keyFetch(), metrics: metrics, logger: logger, now: now)
        issuer = try configuration.issuer.map { (settings) throws(StartFailure) in try OwnIssuer(settings, around) }
        let sts = STSClient(
            by: surroundings.sts ?? http.send, endpoints: configuration.sts,
            minter: surroundings.minter ?? issuer?.minter,
            surroundings: .init(now: now))
        let usedTokens = UsedTokens(
            store: try configuration.oneUse.open(now: now), onFailure: configuration.oneUse.onFailure,
            metrics: metrics, logger: logger)
        let brake = EmergencyBrake(configuration.emergency.sources, now: now)
        emergency = EmergencyWatch(
            brake: brake, file: configuration.emergency.file, store: try configuration.openEmergencyStore(),
            policies: policies, trail: trail, logger: logger)
        emergency.readFileFirst()
        exchange = Exchange(
            verifier: verifier, policies: policies, sts: sts, audit: trail, limits: configuration.limits(),
            usedTokens: usedTokens, emergency: brake, now: now)
        readiness = Readiness(
            policies: policies, verifier: verifier, audit: auditLog, usedTokens: usedTokens, issuer: issuer,
            emergency: brake, drain: drain)
    }

    private static func loops(_ count: Int) throws(StartFailure) -> EventLoops {
        do throws(EventLoopError) { return try EventLoops(count: count) } catch {
            throw StartFailure("event loop: \(error)")
        }
    }

    private static func outboundClient(
        _ configuration: GatewayConfiguration, on loops: EventLoops
    ) throws(StartFailure) -> OutboundHTTPClient {
        do throws(OutboundSetupError) {
            return try OutboundHTTPClient(configuration: configuration.outbound, on: loops)
        } catch {
            throw StartFailure("outbound HTTP: \(error)")
        }
    }

    private static func policies(
        _ configuration: GatewayConfiguration, _ surroundings: Surroundings
    ) throws(StartFailure) -> PolicyStore {
        var files = configuration.policyFiles
        if surroundings.minter != nil { files.allowsIssuerMode = true }
        do throws(PolicyFaults) {
            return try PolicyStore(loading: files)
        } catch {
            throw StartFailure("\(error)")
        }
    }

    private static func auditLog(
        _ configuration: GatewayConfiguration, _ surroundings: Surroundings
    ) throws(StartFailure) -> AuditLog {
        do throws(AuditSinkError) {
            var sinks: [any AuditSink] = []
            for target in configuration.auditSinks { sinks.append(try surroundings.openSink(target)) }
            let origin = AuditOrigin(
                replica: configuration.replica, bootID: ProcessEnvironment.bootID, now: surroundings.now)
            return try AuditLog(sinks: sinks, origin: origin, patience: configuration.auditPatience)
        } catch {
            throw StartFailure("\(error)")
        }
    }
}

/// Why a gateway did not start: sentences with their remedy, one a line.
package struct StartFailure: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

extension AuditTarget {
    fileprivate func open() throws(AuditSinkError) -> any AuditSink {
        switch self {
        case .standardOutput: StandardOutputSink()
        case .file(let path): try AuditFile(path)
        }
    }
}

extension GatewayConfiguration {
    fileprivate func limits() -> ExchangeLimits {
        ExchangeLimits(
            admission: Admission(limits: admission), addresses: requestsPerAddress.map(AddressLimit.init(perSecond:)),
            proxies: trustedProxies)
    }

    /// Where the policy is kept.
    var policyFiles: PolicyFiles {
        PolicyFiles(
            path: policyPath, allowsWritableByOthers: allowsWritablePolicy, allowsOneUse: oneUse.store != nil,
            allowsIssuerMode: issuer != nil)
    }
}
