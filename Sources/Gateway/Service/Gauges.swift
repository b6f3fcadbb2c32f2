import ExchangeCore
import MicroHTTPD
import StrictJSON

/// The gauges that are read when Prometheus asks.
struct Gauges: Sendable {
    let parts: GatewayParts
    let service: HTTPServer
    let isPlaintext: Bool

    private var metrics: GatewayMetrics { parts.metrics }

    func refresh() {
        let statistics = service.statistics
        let listener = [("listener", ListenerName.service.rawValue)]
        metrics.set(.buildInfo, 1, [("version", Version.number)])
        metrics.set(.httpInFlight, Double(statistics.inFlight), listener)
        metrics.set(.httpConnections, Double(statistics.connections), listener)
        metrics.set(.plaintext, isPlaintext ? 1 : 0)
        if let validity = service.certificateValidity { metrics.set(.tlsExpiry, Double(validity.ends)) }
        metrics.set(.auditWritable, parts.auditLog.isWritable ? 1 : 0)
        for case (let sink, let head?) in parts.auditLog.heads {
            metrics.set(.auditSequence, Double(head.sequence), [("sink", sink)])
        }
        let load = parts.exchange.limits.admission.load
        metrics.set(.stsCalls, Double(load.running))
        metrics.set(.stsWaiting, Double(load.waiting))
        metrics.set(.stsCircuits, Double(parts.exchange.sts.breaker.open.count))
        if let isUsable = parts.exchange.usedTokens.isStoreUsable { metrics.set(.oneUseStore, isUsable ? 1 : 0) }
        parts.issuer?.refreshGauges()
        refresh(parts.exchange.emergency.states)
        metrics.set(.policyRules, Double(parts.policies.current.ruleNames.count))
        metrics.set(.policyLoaded, Double(parts.policies.loadedAt.seconds))
        metrics.set(.ready, parts.readiness.report().isReady ? 1 : 0)
        refresh(parts.verifier.keySetStates)
        refresh(ProcessStatistics.now())
    }

    private func refresh(_ emergency: [EmergencyState]) {
        for state in emergency {
            let source = [("source", state.source.rawValue)]
            metrics.set(.emergencyRules, Double(state.reading.ruleNames.count), source)
            metrics.set(.emergencyStop, state.reading.stopsEverything ? 1 : 0, source)
            metrics.set(.emergencyFault, state.reading.cause != nil || state.failure != nil ? 1 : 0, source)
        }
    }

    /// Of a disabled issuer nothing is wrong when it has no keys, so it shows in one gauge only.
    private func refresh(_ all: [KeySetState]) {
        metrics.setAll(.issuerDisabled, all.map { ([("issuer", $0.issuer)], $0.isDisabled ? 1 : 0) })
        let issuers = all.filter { !$0.isDisabled }
        metrics.setAll(.keys, issuers.map { ([("issuer", $0.issuer)], Double($0.keys)) })
        metrics.setAll(.issuerUsable, issuers.map { ([("issuer", $0.issuer)], $0.isUsable ? 1 : 0) })
        metrics.setAll(
            .keysAge,
            issuers.compactMap { state in
                state.age.map { ([("issuer", state.issuer)], Double($0.components.seconds)) }
            })
    }

    private func refresh(_ process: ProcessStatistics) {
        if let seconds = process.cpuSeconds { metrics.setTotal(.processCPU, seconds) }
        if let bytes = process.residentBytes { metrics.set(.processMemory, bytes) }
        if let files = process.openFiles { metrics.set(.processFiles, files) }
        if let limit = process.openFilesLimit { metrics.set(.processFilesLimit, limit) }
        if let start = process.startSeconds { metrics.set(.processStart, start) }
    }
}
