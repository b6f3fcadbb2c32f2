import ExchangeCore
import MicroHTTPD
import StrictJSON

/// Asks the parts of a gateway how they are.
struct StatusSource: Sendable {
    let parts: GatewayParts
    let service: HTTPServer
    let configuration: GatewayConfiguration
    let startedAt: Timestamp

    func status() -> GatewayStatus {
        let policies = parts.policies
        let policy = policies.current
        let emergency = parts.exchange.emergency.states
        return GatewayStatus(
            version: Version.number, replica: configuration.replica, startedAt: startedAt,
            takenAt: parts.exchange.now(),
            readiness: parts.readiness.report(),
            policy: GatewayStatus.PolicyStatus(
                digest: policy.digest, loadedAt: policies.loadedAt, faults: policies.faults,
                rules: policy.ruleSummaries, sessionPolicies: policy.sessionPolicyNames),
            issuers: parts.verifier.keySetStates, decisions: decisions, observed: observed,
            withheld: counts(.withheld).map(\.count).reduce(0, +), audit: parts.auditLog.sinks, load: load,
            certificate: service.certificateValidity,
            isPlaintextOffLoopback: configuration.isPlaintextOffLoopback, emergency: emergency,
            emergencyDoubts: emergency.flatMap { state in
                if case .deny(let deny) = state.reading { deny.doubts(under: policy) } else { [String]() }
            })
    }

    private var load: GatewayStatus.LoadStatus {
        let statistics = service.statistics
        let sts = parts.exchange.limits.admission.load
        return GatewayStatus.LoadStatus(
            requests: statistics.inFlight, connections: statistics.connections, stsCalls: sts.running,
            waiting: sts.waiting, limits: configuration.admission, openCircuits: parts.exchange.sts.breaker.open)
    }

    /// The most frequent first.
    private var decisions: [GatewayStatus.DecisionCount] {
        counts(.exchanges).map {
            GatewayStatus.DecisionCount(
                front: $0.labels["front"] ?? "", outcome: $0.labels["outcome"] ?? "", code: $0.labels["code"] ?? "",
                count: $0.count)
        }.sorted { ($1.count, $0.front, $0.code) < ($0.count, $1.front, $1.code) }
    }

    private var observed: [GatewayStatus.ObservedCount] {
        counts(.observed).map {
            GatewayStatus.ObservedCount(
                rule: $0.labels["rule"] ?? "", effect: $0.labels["effect"] ?? "", count: $0.count)
        }.sorted { $0.rule < $1.rule }
    }

    private func counts(_ metric: GatewayMetrics.Metric) -> [CounterReading] {
        parts.metrics.registry.counts(of: metric.rawValue)
    }
}
