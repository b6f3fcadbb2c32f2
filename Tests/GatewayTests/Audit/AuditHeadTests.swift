import ExchangeCore
import StrictJSON
import Testing
import Threading

@testable import Gateway

/// The heads that a monitoring system keeps.
struct AuditHeadTests {
    private let body = AuditBody(openObject: Array(#"{"v":1,"outcome":"allowed""#.utf8))
    private let origin = AuditOrigin(replica: "replica", bootID: nil, now: { Timestamp(seconds: 0) })

    @Test func `log and metric show the last line of each sink, one series a sink`() async throws {
        let (first, second) = (FakeSink(named: "first"), FakeSink(named: "second"))
        let (trail, lines) = try trail([first, second])
        for _ in 0..<3 {
            try await trail.log.append(body)
            trail.publishHeads()
            let series = self.series(of: trail)
            #expect(series.count == 2)
            for sink in [first, second] {
                let line = try #require(sink.lines.last)
                let head = AuditHead(sequence: sink.lines.count, line: line.utf8)
                let labels = "{sink=\"\(sink.name)\",sha256=\"\(head.digest)\"}"
                #expect(series.contains("vela_gateway_audit_head_info\(labels) \(head.sequence)"), "\(series)")
                #expect(lines.lines.contains { $0.contains("\(head)") })
            }
        }
        trail.log.close()
    }

    @Test func `they are published soon after the start, and once a minute`() async throws {
        let sink = FakeSink()
        let (trail, lines) = try trail([sink])
        try await trail.log.append(body)
        let seconds = Lock(0)
        // Ends the loop before the third minute, and asks no clock.
        await trail.keepBooks { _ in
            let now = seconds.withLock { count in
                count += 1
                return count
            }
            // What the second before left behind.
            if now == 1 { #expect(series(of: trail).isEmpty) }
            if now == 2 || now == 61 { #expect(heads(in: lines) == 1, "second \(now)") }
            if now == 62 { #expect(heads(in: lines) == 2) }
            if now > 121 { throw CancellationError() }
        }
        #expect(series(of: trail).count == 1)
        #expect(heads(in: lines) == 3)
        trail.log.close()
    }

    private func heads(in lines: LineCollector) -> Int { lines.lines.count { $0.contains("audit head") } }

    private func trail(_ sinks: [FakeSink]) throws -> (trail: AuditTrail, lines: LineCollector) {
        let (log, lines) = (try AuditLog(sinks: sinks, origin: origin, patience: .seconds(60)), LineCollector())
        let now: @Sendable () -> Timestamp = { Timestamp(seconds: 0) }
        return (AuditTrail(log: log, metrics: GatewayMetrics(), logger: lines.logger(), now: now), lines)
    }

    private func series(of trail: AuditTrail) -> [String] {
        let text = String(decoding: trail.metrics.registry.exposition(), as: UTF8.self)
        return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("vela_gateway_audit_head_info{") }
    }
}
