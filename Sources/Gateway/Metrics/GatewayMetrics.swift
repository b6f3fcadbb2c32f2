import CoreMetrics
import ExchangeCore

/// The metrics of the gateway: names, labels and meaning in one place. docs/metrics.md lists them for operators.
package struct GatewayMetrics: Sendable {
    package let registry: PrometheusRegistry

    package init(registry: PrometheusRegistry = PrometheusRegistry()) {
        self.registry = registry
        for metric in Metric.allCases { registry.describe(metric.rawValue, metric.help) }
        // Zero from the start: Prometheus sees no increase in a series that begins with 1, so an alert would miss the first one.
        _ = registry.makeCounter(label: Metric.withheld.rawValue, dimensions: [])
        for metric in [Metric.auditRecords, .policyReloads, .tlsReloads, .signingKeyReloads, .publicationChecks] {
            _ = registry.makeCounter(label: metric.rawValue, dimensions: [("result", "failed")])
        }
    }

    /// The families. The raw value is the name.
    enum Metric: String, CaseIterable {
        case buildInfo = "vela_gateway_build_info"
        case exchanges = "vela_gateway_exchanges_total"
        case stage = "vela_gateway_exchange_stage_seconds"
        case httpRequests = "vela_gateway_http_requests_total"
        case httpInFlight = "vela_gateway_http_requests_in_flight"
        case httpConnections = "vela_gateway_http_connections"
        case httpConnectionsEnded = "vela_gateway_http_connections_ended_total"
        case httpRefusals = "vela_gateway_http_refusals_total"
        case plaintext = "vela_gateway_plaintext_listener"
        case tlsExpiry = "vela_gateway_tls_certificate_expiry_timestamp_seconds"
        case tlsReloads = "vela_gateway_tls_reloads_total"
        case auditRecords = "vela_gateway_audit_records_total"
        case auditWritable = "vela_gateway_audit_writable"
        case auditSequence = "vela_gateway_audit_sequence"
        case auditHead = "vela_gateway_audit_head_info"
        case stsCalls = "vela_gateway_sts_calls_in_flight"
        case stsWaiting = "vela_gateway_sts_waiting_requests"
        case stsCircuits = "vela_gateway_sts_circuits_open"
        case oneUse = "vela_gateway_one_use_tokens_total"
        case oneUseStore = "vela_gateway_one_use_store_usable"
        case emergencyRules = "vela_gateway_emergency_rules"
        case emergencyStop = "vela_gateway_emergency_stop"
        case emergencyFault = "vela_gateway_emergency_fault"
        case observed = "vela_gateway_observed_decisions_total"
        case withheld = "vela_gateway_credentials_withheld_total"
        case policyReloads = "vela_gateway_policy_reloads_total"
        case policyRules = "vela_gateway_policy_rules"
        case policyLoaded = "vela_gateway_policy_loaded_timestamp_seconds"
        case keys = "vela_gateway_issuer_keys"
        case keysAge = "vela_gateway_issuer_keys_age_seconds"
        case issuerUsable = "vela_gateway_issuer_usable"
        case signingKeys = "vela_gateway_signing_keys"
        case signingKeysMissing = "vela_gateway_signing_keys_missing"
        case signingKeyReloads = "vela_gateway_signing_key_reloads_total"
        case publicationChecks = "vela_gateway_publication_checks_total"
        case mintingReady = "vela_gateway_minting_ready"
        case issuerDisabled = "vela_gateway_issuer_disabled"
        case ready = "vela_gateway_ready"
        case processCPU = "process_cpu_seconds_total"
        case processMemory = "process_resident_memory_bytes"
        case processFiles = "process_open_fds"
        case processFilesLimit = "process_max_fds"
        case processStart = "process_start_time_seconds"

        var help: String {
            switch self {
            case .buildInfo: "Always 1; the labels tell the version."
            case .exchanges: "Decisions by front, outcome and code."
            case .stage: "Seconds that a stage of an exchange took."
            case .httpRequests: "HTTP answers by listener, route and status."
            case .httpInFlight: "Requests being handled, by listener."
            case .httpConnections: "Open connections, by listener."
            case .httpConnectionsEnded: "Connections that the HTTP server ended by itself, by listener and reason."
            case .httpRefusals: "Requests the HTTP server refused by itself, by listener."
            case .plaintext: "1 while the service listens without TLS off loopback."
            case .tlsExpiry: "When the listener's certificate expires, in seconds since 1970."
            case .tlsReloads: "Readings of the listener's certificate and key by result."
            case .auditRecords: "Audit records by result."
            case .auditWritable: "1 while every audit sink takes records."
            case .auditSequence: "The number of the last line in each audit sink."
            case .auditHead: "The number of a recent line in each audit sink; the label sha256 is that line's digest."
            case .stsCalls: "Calls of STS under way."
            case .stsWaiting: "Requests that wait for their turn to call STS."
            case .stsCircuits: "Endpoints of STS that are left alone because they do not answer."
            case .oneUse: "Tokens of rules for one use by result."
            case .oneUseStore: "1 while used tokens can be noted; absent without one_use_store."
            case .emergencyRules: "Rules of the emergency deny that bind, by source; deny: all counts as one."
            case .emergencyStop: "1 while the emergency deny refuses everything, by source."
            case .emergencyFault: "1 while a source of the emergency deny does not tell or cannot be understood."
            case .observed:
                "Credentials that a rule under observation would have decided otherwise, by rule and effect."
            case .withheld: "Credentials that AWS made and that were withheld because no audit record could be written."
            case .policyReloads: "Policy reloads by result."
            case .policyRules: "Rules in the policy that decides."
            case .policyLoaded: "When the policy that decides was loaded, in seconds since 1970."
            case .keys: "Usable keys by issuer."
            case .keysAge: "Seconds since an issuer's keys were last fetched."
            case .issuerUsable: "1 while tokens of the issuer can be verified."
            case .signingKeys: "Keys of the gateway's own by state; absent where it is no issuer."
            case .signingKeysMissing: "Keys in use whose file is gone."
            case .signingKeyReloads: "Readings of the signing keys by result."
            case .publicationChecks: "Looks at the public issuer URL by result."
            case .mintingReady: "1 while a key may sign; absent where the gateway is no issuer."
            case .issuerDisabled: "1 while the policy takes no tokens of the issuer, on purpose."
            case .ready: "1 while the gateway is ready."
            case .processCPU: "Processor time of the process, in seconds."
            case .processMemory: "Memory of the process that is in RAM, in bytes."
            case .processFiles: "Open file descriptors, sockets included."
            case .processFilesLimit: "How many file descriptors the process may open."
            case .processStart: "When the process began, in seconds since 1970."
            }
        }
    }
}

extension GatewayMetrics {
    /// Adds one to a counter.
    func count(_ metric: Metric, _ dimensions: [(String, String)] = []) {
        registry.makeCounter(label: metric.rawValue, dimensions: dimensions).increment(by: 1)
    }

    /// Sets a gauge.
    func set(_ metric: Metric, _ value: Double, _ dimensions: [(String, String)] = []) {
        registry.makeMeter(label: metric.rawValue, dimensions: dimensions).set(value)
    }

    /// Makes these the only gauges of a family.
    func setAll(_ metric: Metric, _ values: [(dimensions: [(String, String)], value: Double)]) {
        registry.setGauges(metric.rawValue, values)
    }

    /// Sets a counter that is kept elsewhere to its total.
    func setTotal(_ metric: Metric, _ total: Double) { registry.setTotal(metric.rawValue, total) }

    /// Records a duration.
    func record(_ metric: Metric, _ duration: Duration, _ dimensions: [(String, String)] = []) {
        let (seconds, attoseconds) = duration.components
        registry.makeTimer(label: metric.rawValue, dimensions: dimensions)
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
