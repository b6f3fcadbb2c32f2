import EventLoop
import ExchangeCore
package import Logging
import MicroHTTPD
import OutboundHTTP
import StrictJSON

/// A running gateway: its listeners and everything behind them. The program and the tests build the same one.
package final class GatewayService: Sendable {
    private let configuration: GatewayConfiguration
    private let parts: GatewayParts
    private let service: HTTPServer
    private let health: HTTPServer
    /// Nil where it is switched off.
    private let administration: HTTPServer?
    /// Serves discovery and key set; nil where something else does.
    private let issuer: HTTPServer?
    /// Nil without TLS.
    private let certificate: CertificateReload?
    private let logger: Logger

    /// Opens all that can fail before the first request: policy, audit, outbound client, listeners.
    package convenience init(_ configuration: GatewayConfiguration, logger: Logger) throws(StartFailure) {
        try self.init(configuration, logger: logger, surroundings: GatewayParts.Surroundings())
    }

    /// The same in the surroundings of a test.
    init(
        _ configuration: GatewayConfiguration, logger: Logger, surroundings: GatewayParts.Surroundings
    ) throws(StartFailure) {
        self.configuration = configuration
        self.logger = logger
        let parts = try GatewayParts(configuration, logger: logger, surroundings: surroundings)
        self.parts = parts
        let routes = ServiceRoutes(
            exchange: parts.exchange, profiles: configuration.stsProfiles,
            containerPatience: surroundings.containerPatience, whoami: configuration.whoami)
        let tls = try configuration.tls.map { (files) throws(StartFailure) in try files.read() }
        let service = try Listener(
            name: .service, metrics: parts.metrics, logger: logger,
            route: { ServiceRoutes.Route(path: $0)?.rawValue ?? "other" },
            dialect: { Dialect(path: $0) }
        ).start(
            configuration.serviceListener(tls?.configuration), on: parts.loops, prepare: ServiceRoutes.prepare,
            handler: { await routes.respond(to: $0) })
        self.service = service
        certificate = configuration.tls.map {
            CertificateReload(
                $0, marks: tls?.marks ?? [], server: service, metrics: parts.metrics, logger: logger)
        }
        let gauges = Gauges(parts: parts, service: service, isPlaintext: configuration.isPlaintextOffLoopback)
        let health = HealthRoutes(readiness: parts.readiness, metrics: parts.metrics, refresh: { gauges.refresh() })
        self.health = try Listener(
            name: .health, metrics: parts.metrics, logger: logger,
            route: { HealthRoutes.paths.contains($0) ? $0 : "other" }
        ).start(
            configuration.healthListener(), prepare: HealthRoutes.prepare, handler: { await health.respond(to: $0) })
        let status = StatusSource(
            parts: parts, service: service, configuration: configuration, startedAt: surroundings.now())
        administration = try configuration.administration.map { (address) throws(StartFailure) in
            try AdministrationRoutes(status: status, at: address).serve(configuration.administrationListener(address))
        }
        issuer = try Self.issuerListener(configuration, parts)
        announce()
    }

    private static func issuerListener(
        _ configuration: GatewayConfiguration, _ parts: GatewayParts
    ) throws(StartFailure) -> HTTPServer? {
        guard let issuer = parts.issuer, let address = configuration.issuer?.listen else { return nil }
        let routes = IssuerRoutes(issuer: issuer)
        return try Listener(
            name: .issuer, metrics: parts.metrics, logger: parts.logger, route: { routes.route($0) }
        ).start(
            configuration.issuerListener(address), prepare: { routes.prepare($0) },
            handler: { routes.respond(to: $0) })
    }

    /// The service's base URL with the port in use.
    package var serviceURL: String {
        configuration.service.url(port: service.boundPort, scheme: configuration.tls == nil ? "http" : "https")
    }

    /// The health listener's base URL with the port in use.
    package var healthURL: String { configuration.health.url(port: health.boundPort, scheme: "http") }

    /// The administrator's listener with the port in use; nil where it is switched off.
    package var administrationURL: String? {
        guard let address = configuration.administration, let administration else { return nil }
        return address.url(port: administration.boundPort, scheme: "http")
    }

    /// The issuer's listener with the port in use; nil where there is none.
    package var issuerURL: String? {
        guard let address = configuration.issuer?.listen, let issuer else { return nil }
        return address.url(port: issuer.boundPort, scheme: "http")
    }

    /// Reads policy, certificate and signing keys again. What is faulty leaves the one in use in place and is logged.
    package func reload() {
        PolicyReload(parts: parts).perform()
        certificate?.perform()
        parts.issuer?.reload()
    }

    /// Keeps keys fresh, watches the audit sinks and the files of policy, certificate and signing keys, until it is cancelled.
    package func work() async {
        let (parts, certificate) = (parts, certificate)
        await withDiscardingTaskGroup { group in
            group.addTask { await parts.verifier.refreshLoop(sleep: { try await Task.sleep(for: $0) }) }
            group.addTask { await parts.auditLog.watch(sleep: { try await Task.sleep(for: $0) }) }
            group.addTask {
                await parts.exchange.limits.admission.watch(sleep: { try await Task.sleep(for: $0) })
            }
            group.addTask { await parts.exchange.usedTokens.watch(sleep: { try await Task.sleep(for: $0) }) }
            group.addTask { await parts.trail.keepBooks(sleep: { try await Task.sleep(for: $0) }) }
            group.addTask {
                await parts.policies.watch(sleep: { try await Task.sleep(for: $0) }) {
                    PolicyReload(parts: parts).report($0)
                }
            }
            group.addTask { await parts.issuer?.watch(sleep: { try await Task.sleep(for: $0) }) }
            group.addTask { await parts.emergency.watchFile(sleep: { try await Task.sleep(for: $0) }) }
            group.addTask { await parts.emergency.watchStore(sleep: { try await Task.sleep(for: $0) }) }
            group.addTask { await certificate?.watch(sleep: { try await Task.sleep(for: $0) }) }
        }
    }

    /// Shuts down without losing a request: not ready, still accepting for `drain_delay`, then only finishing for
    /// `drain_grace`.
    package func drain() async {
        parts.drain.raise()
        logger.notice("draining")
        await service.drain(delay: configuration.drainDelay, grace: configuration.drainGrace)
        await end()
    }

    /// Cuts what is left of the drain.
    package func stop() async {
        parts.drain.raise()
        await service.stop()
        await end()
    }

    private func end() async {
        await parts.trail.writeUnverified()
        await parts.trail.writeWithheld()
        parts.trail.publishHeads()
        await health.stop()
        await administration?.stop()
        await issuer?.stop()
        await parts.http.shutdown()
        parts.loops.stop()
        parts.exchange.usedTokens.close()
        parts.emergency.store?.close()
        parts.auditLog.close()
        logger.notice("stopped")
    }

    private func announce() {
        if configuration.isPlaintextOffLoopback {
            logger.warning(
                "listening without TLS off loopback, as allow_plaintext allows: tokens and keys travel in the clear")
        }
        logger.notice(
            "serving",
            metadata: [
                "service": "\(serviceURL)", "health": "\(healthURL)",
                "administration": "\(administrationURL ?? "off")", "version": "\(Version.number)",
                "policy_digest": "\(parts.policies.current.digest)",
                "rules": "\(parts.policies.current.ruleNames.count)",
                "audit_durability": "\(parts.auditLog.durability.rawValue)",
            ])
    }
}
