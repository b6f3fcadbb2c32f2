import StrictJSON

extension ProbeReport {
    /// The report in Prometheus' text format, for the node exporter's textfile collector.
    var exposition: [UInt8] {
        var text = ExpositionText()
        text.gauge(
            "vela_gateway_probe_success", "1 when every check of the last run was as expected, else 0.",
            isSuccess ? "1" : "0")
        if !findings.isEmpty { text.append(findings) }
        text.gauge(
            "vela_gateway_probe_duration_seconds", "How long the last run took.",
            ExpositionText.number(duration / .seconds(1)))
        text.gauge(
            "vela_gateway_probe_last_run_timestamp_seconds", "When the last run ended, in seconds since 1970.",
            String(endedAt.seconds))
        return text.bytes
    }
}

extension ExpositionText {
    fileprivate mutating func gauge(_ name: String, _ help: String, _ value: String) {
        begin(name, kind: "gauge", help: help)
        sample(name, SeriesLabels([]), value: value)
    }

    fileprivate mutating func append(_ findings: [ProbeFinding]) {
        let name = "vela_gateway_probe_check_success"
        begin(name, kind: "gauge", help: "1 when the check was as expected in the last run, else 0.")
        for finding in findings {
            sample(name, SeriesLabels([("check", finding.name.rawValue)]), value: finding.fault == nil ? "1" : "0")
        }
    }
}
