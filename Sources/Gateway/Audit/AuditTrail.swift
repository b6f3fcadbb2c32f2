import ExchangeAPI
import ExchangeCore
import Logging
import StrictJSON

/// Where a decision becomes known: the audit record, the metric and the log line are written together, so that none can be
/// forgotten.
struct AuditTrail: Sendable {
    let log: AuditLog
    let metrics: GatewayMetrics
    let logger: Logger
    let now: @Sendable () -> Timestamp
    let unverified = UnverifiedTally()
    let withheld = WithheldRecords()

    /// Writes the record of credentials. They may leave only when this returned.
    func write(_ record: AuditRecord, allowing credentials: Credentials) async throws(Refusal) {
        do throws(Refusal) {
            try await append(record.encoded(.allowed(credentials), decidedAt: now()))
        } catch {
            metrics.count(.withheld)
            withheld.add(record.encoded(.withheld(credentials), decidedAt: now()))
            logger.error(
                "credentials withheld: their audit record could not be written",
                metadata: metadata(
                    record,
                    [
                        "cause": "\(error.cause)", "access_key_id": "\(credentials.accessKeyID)",
                    ]))
            throw error
        }
        note(record, outcome: "allowed", code: "none")
        for observation in record.grant?.observations ?? [] { warn(of: observation, record) }
        // The audit says it already, and each line costs a write.
        logger.debug("credentials issued", metadata: metadata(record, ["rule": "\(record.grant?.rule ?? "")"]))
    }

    /// Writes the record of a refusal. What anybody can cause without a good token is only counted: it must not fill the disk
    /// that credentials wait for.
    func write(_ record: AuditRecord, refusing refusal: Refusal) async {
        let code = refusal.problem.code.rawValue
        note(record, outcome: "refused", code: code)
        if record.token == nil, refusal.precedesVerification {
            unverified.add(code)
            if unverified.mayLog() { logRefusal(record, refusal) }
            return
        }
        logRefusal(record, refusal)
        // Its own record failed already; a second one would fail as well.
        if case .auditUnavailable = refusal { return }
        do throws(Refusal) {
            try await append(record.encoded(.refused(refusal), decidedAt: now()))
        } catch {
            logger.error(
                "the audit record of a refusal could not be written",
                metadata: metadata(record, ["cause": "\(error.cause)"]))
        }
    }

    /// Counts and logs that a caller was shown its own claims. No audit record: nothing was decided, and no credentials leave.
    func noteIdentity(_ record: AuditRecord) {
        note(record, outcome: "shown", code: "none")
        logger.debug("claims shown to their bearer", metadata: metadata(record))
    }

    /// Writes what was counted since the last call as one record.
    func writeUnverified() async {
        guard let counts = unverified.drain() else { return }
        do throws(Refusal) {
            try await append(counts.encoded(at: now()))
        } catch {
            unverified.add(counts)
            logger.error(
                "the audit record of unverified requests could not be written", metadata: ["cause": "\(error.cause)"])
        }
    }

    /// Writes what was withheld while the sinks did not take records.
    func writeWithheld() async {
        guard !withheld.isEmpty else { return }
        do throws(Refusal) {
            try await withheld.drain(at: now()) { (record) async throws(Refusal) in try await append(record) }
        } catch {
            logger.error(
                "the audit record of withheld credentials could not be written", metadata: ["cause": "\(error.cause)"])
        }
    }

    /// Gives the last line of each sink to log and metric, for who keeps it elsewhere: with it `audit verify --head` finds a cut tail.
    func publishHeads() {
        var gauges: [(dimensions: [(String, String)], value: Double)] = []
        for case (let sink, let head?) in log.heads {
            gauges.append(([("sink", sink), ("sha256", head.digest)], Double(head.sequence)))
            logger.info("audit head", metadata: ["sink": "\(sink)", "head": "\(head)"])
        }
        metrics.setAll(.auditHead, gauges)
    }

    /// Once a minute writes what was counted and publishes the heads; and while a sink is failing, tries it every second, so
    /// that the gateway becomes ready again by itself. Runs until it is cancelled.
    func keepBooks(sleep: @Sendable (Duration) async throws -> Void) async {
        var seconds = 0
        while !Task.isCancelled {
            do { try await sleep(.seconds(1)) } catch { return }
            seconds += 1
            if seconds % 60 == 0 { await writeUnverified() }
            // The first soon after the start, so that monitoring has one of every process.
            if seconds % 60 == 1 { publishHeads() }
            if !log.isWritable { await tryAgain() }
            if log.isWritable { await writeWithheld() }
        }
    }

    private func tryAgain() async {
        do throws(Refusal) {
            try await log.append(nil)
            logger.notice("the audit sink takes records again")
        } catch {
            logger.error("the audit sink takes no records", metadata: ["cause": "\(error.cause)"])
        }
    }

    /// A rule under observation is loud: else nobody would remember to put it in force.
    private func warn(of observation: Observation, _ record: AuditRecord) {
        metrics.count(.observed, [("effect", observation.effect.rawValue), ("rule", observation.rule)])
        logger.warning(
            "a rule under observation would have decided otherwise",
            metadata: metadata(
                record,
                [
                    "rule": "\(observation.rule)", "effect": "\(observation.effect.rawValue)",
                    "detail": "\(observation.detail)",
                ]))
    }

    func warnOfClock(_ record: AuditRecord) {
        logger.warning("the clocks of AWS and the gateway differ by more than a minute", metadata: metadata(record))
    }

    /// Not private only for the records of the emergency deny.
    func append(_ body: AuditBody) async throws(Refusal) {
        do throws(Refusal) {
            try await log.append(body)
            metrics.count(.auditRecords, [("result", "written")])
        } catch {
            metrics.count(.auditRecords, [("result", "failed")])
            throw error
        }
    }

    private func note(_ record: AuditRecord, outcome: String, code: String) {
        metrics.count(.exchanges, [("front", record.front.rawValue), ("outcome", outcome), ("code", code)])
        let stages = [
            ("verify", record.stages.verify), ("decide", record.stages.decide), ("issue", record.stages.issue),
            ("identify", record.stages.identify),
        ]
        for case (let name, let duration?) in stages { metrics.record(.stage, duration, [("stage", name)]) }
    }

    private func logRefusal(_ record: AuditRecord, _ refusal: Refusal) {
        let facts: Logger.Metadata = ["code": "\(refusal.problem.code.rawValue)", "cause": "\(refusal.cause)"]
        logger.notice("exchange refused", metadata: metadata(record, facts))
    }

    private func metadata(_ record: AuditRecord, _ facts: Logger.Metadata = [:]) -> Logger.Metadata {
        var metadata = facts
        metadata["request_id"] = "\(record.call.requestID)"
        metadata["source_address"] = "\(record.call.sourceAddress)"
        if let traceID = record.call.traceID { metadata["trace_id"] = "\(traceID)" }
        if let token = record.token { metadata["sub"] = "\(token.subject)" }
        return metadata
    }
}
