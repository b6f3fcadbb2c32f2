import Foundation
import Testing

@testable import Gateway

/// The text that Prometheus reads, read back.
struct ExpositionTests {
    @Test func `writes counters, gauges and their labels`() throws {
        let metrics = GatewayMetrics()
        metrics.count(.exchanges, [("front", "credentials"), ("outcome", "allowed"), ("code", "none")])
        metrics.count(.exchanges, [("front", "credentials"), ("outcome", "allowed"), ("code", "none")])
        metrics.set(.ready, 1)
        metrics.set(.keysAge, 0.25, [("issuer", "vela")])
        let exposition = try Exposition(metrics)
        let exchanges = "vela_gateway_exchanges_total{front=\"credentials\",outcome=\"allowed\",code=\"none\"}"
        #expect(exposition.samples[exchanges] == "2" && exposition.kinds["vela_gateway_exchanges_total"] == "counter")
        #expect(exposition.samples["vela_gateway_ready"] == "1" && exposition.kinds["vela_gateway_ready"] == "gauge")
        #expect(exposition.samples["vela_gateway_issuer_keys_age_seconds{issuer=\"vela\"}"] == "0.25")
        #expect(exposition.samples["vela_gateway_credentials_withheld_total"] == "0")
    }

    @Test func `escapes label values`() throws {
        let metrics = GatewayMetrics()
        metrics.set(.keys, 3, [("issuer", "a\"b\\c\nd")])
        let exposition = try Exposition(metrics)
        #expect(exposition.samples[#"vela_gateway_issuer_keys{issuer="a\"b\\c\nd"}"#] == "3")
    }

    @Test func `past the limit, label sets share one series`() throws {
        let metrics = GatewayMetrics(registry: PrometheusRegistry(seriesLimit: 3))
        for number in 0..<100 { metrics.count(.httpRefusals, [("listener", "service"), ("status", "\(number)")]) }
        metrics.count(.httpRefusals, [("listener", "service"), ("status", "1")])
        let series = try Exposition(metrics).samples.filter { $0.key.hasPrefix("vela_gateway_http_refusals_total") }
        #expect(series.count == 4)
        #expect(series[#"vela_gateway_http_refusals_total{listener="other",status="other"}"#] == "97")
        #expect(series[#"vela_gateway_http_refusals_total{listener="service",status="1"}"#] == "2")
    }

    @Test func `gauges that are set as a whole keep nothing of what was there before`() throws {
        let metrics = GatewayMetrics(registry: PrometheusRegistry(seriesLimit: 3))
        metrics.setAll(.keys, [([("issuer", "old")], 3), ([("issuer", "vela")], 2)])
        metrics.setAll(.keys, [([("issuer", "vela")], 5)])
        let samples = try Exposition(metrics).samples.filter { $0.key.hasPrefix("vela_gateway_issuer_keys{") }
        #expect(samples == [#"vela_gateway_issuer_keys{issuer="vela"}"#: "5"])
        metrics.setAll(.keys, (0..<10).map { ([("issuer", "\($0)")], 1) })
        #expect(try Exposition(metrics).samples.keys.count { $0.hasPrefix("vela_gateway_issuer_keys{") } == 3)
    }

    @Test func `failures are counted from zero, and a total that the system keeps is a counter`() throws {
        let metrics = GatewayMetrics()
        metrics.setTotal(.processCPU, 1.25)
        let exposition = try Exposition(metrics)
        for name in ["audit_records", "policy_reloads", "tls_reloads"] {
            #expect(exposition.samples["vela_gateway_\(name)_total{result=\"failed\"}"] == "0", "\(name)")
        }
        #expect(exposition.samples["process_cpu_seconds_total"] == "1.25")
        #expect(exposition.kinds["process_cpu_seconds_total"] == "counter")
    }

    @Test func `a histogram's buckets add up`() throws {
        let metrics = GatewayMetrics()
        let durations: [Duration] = [.microseconds(100), .milliseconds(1), .milliseconds(2), .seconds(1), .seconds(60)]
        for duration in durations { metrics.record(.stage, duration, [("stage", "verify")]) }
        let exposition = try Exposition(metrics)
        let name = "vela_gateway_exchange_stage_seconds"
        let expected = [
            "0.0001": 1, "0.0005": 1, "0.001": 2, "0.005": 3, "0.01": 3, "0.025": 3, "0.05": 3, "0.1": 3, "0.25": 3,
            "0.5": 3,
            "1": 4, "2.5": 4, "5": 4, "10": 4, "+Inf": 5,
        ]
        for (bound, count) in expected {
            #expect(exposition.samples["\(name)_bucket{stage=\"verify\",le=\"\(bound)\"}"] == "\(count)", "\(bound)")
        }
        #expect(exposition.samples.keys.count { $0.hasPrefix(name + "_bucket") } == expected.count)
        #expect(exposition.samples["\(name)_count{stage=\"verify\"}"] == "5" && exposition.kinds[name] == "histogram")
        let sum = try #require(exposition.samples["\(name)_sum{stage=\"verify\"}"].flatMap { Double($0) })
        #expect(abs(sum - 61.0031) < 1e-9)
    }

    @Test(.enabled(if: Promtool.isThere, "promtool is not installed: Scripts/install-dependencies test"))
    func `promtool finds nothing wrong with a gateway's metrics`() async throws {
        try await RunningGateway.run { gateway in
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token())).status == 200)
            let text = try await gateway.health("/metrics").body
            #expect(try Promtool.complaint(about: Array(text.utf8)) == nil)
        }
    }
}

/// The text format, parsed strictly: each sample below the HELP and TYPE of its family, none twice.
private struct Exposition {
    private(set) var kinds: [String: String] = [:]
    private(set) var samples: [String: String] = [:]

    init(_ metrics: GatewayMetrics) throws {
        let text = String(decoding: metrics.registry.exposition(), as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        var family = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            switch (words[0], words[1]) {
            case ("#", "HELP"): (family, _) = (words[2], #expect(words.count > 3))
            case ("#", "TYPE"):
                #expect(words[2] == family && kinds.updateValue(words[3], forKey: family) == nil)
            default:
                let space = try #require(line.lastIndex(of: " "))
                let series = String(line[..<space])
                let suffixes = kinds[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                let name = String(series.prefix { $0 != "{" })
                #expect(suffixes.contains { name == family + $0 }, "\(line)")
                #expect(
                    samples.updateValue(String(line[line.index(after: space)...]), forKey: series) == nil, "\(line)")
            }
        }
    }
}
