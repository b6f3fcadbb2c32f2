import ArgumentParser
import ExchangeCore
import OutboundHTTP
import ProcessHardening
import StrictJSON

/// One run of all checks.
struct ProbeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run all checks once (the default).",
        discussion: """
            A line for each check on standard output; exit status 0 when every answer is as expected, else 1. Credentials that \
            come are thrown away. Nothing is tried twice.
            --expect verified asks POST /v1/whoami with the good token in place of credentials. The gateway forwards a caller's \
            token to AWS, which takes none of an issuer that it does not know: take it for --key, unless AWS knows that issuer.
            """)

    @Option(help: ArgumentHelp("The gateway's address, without a path.", valueName: "url"))
    var gateway: String

    @Option(help: ArgumentHelp("A PEM file of the authorities to trust in place of the system's.", valueName: "file"))
    var gatewayCa: String?

    @Flag(help: "Take a gateway on http that is not this machine: tokens travel in the clear.")
    var allowPlaintext = false

    @OptionGroup var source: ProbeSourceOptions

    @Option(help: ArgumentHelp("The role to ask for: one that may do nothing.", valueName: "arn"))
    var role: String

    @Option(help: ArgumentHelp("A role that the policy must not give to the good token.", valueName: "arn"))
    var forbiddenRole: String?

    @Option(help: "What the good token must get: served (credentials) or verified (its claims).")
    var expect: ProbeMode = .served

    @Option(
        help: ArgumentHelp("The time for each request, 100ms to 5m; 15s when left out.", valueName: "time"),
        transform: ProbeTimeout.init(parsing:))
    var timeout = ProbeTimeout.usual

    @Option(
        help: ArgumentHelp("Write Prometheus metrics to this file (*.prom), whole or not at all.", valueName: "file"))
    var metricsFile: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        for role in [role, forbiddenRole].compactMap({ $0 }) where RoleARN(parsing: role) == nil {
            throw ValidationError("\(role) is no role's ARN: write arn:aws:iam::ACCOUNT:role/NAME")
        }
        guard role != forbiddenRole else { throw ValidationError("--forbidden-role must be another role than --role") }
        do throws(StartFailure) {
            _ = try ProbeTarget(parsing: gateway, allowingPlaintext: allowPlaintext)
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() async throws {
        guard ProcessHardening.apply() else {
            throw StartFailure("the system does not let the process turn core dumps off, and it must not run with them")
        }
        let begin = ContinuousClock.now
        let findings: [ProbeFinding]
        do { findings = try await probe() } catch {
            // Whoever watches the metrics must see that a run was not even begun.
            try save(report([], since: begin))
            throw error
        }
        let report = report(findings, since: begin)
        print(json ? report.json : report.text(.forOutput))
        try save(report)
        if !report.isSuccess { throw ExitCode(1) }
    }

    private func probe() async throws -> [ProbeFinding] {
        let target = try ProbeTarget(parsing: gateway, allowingPlaintext: allowPlaintext)
        let plan = ProbePlan(source: try source.source(), role: role, forbiddenRole: forbiddenRole, mode: expect)
        let prober = Prober(
            configuration: OutboundConfiguration(userAgent: Version.userAgent, caFile: gatewayCa), target: target,
            timeout: timeout.duration, now: Timestamp.now)
        return try await prober.ask(try plan.checks(at: .now()))
    }

    private func report(_ findings: [ProbeFinding], since begin: ContinuousClock.Instant) -> ProbeReport {
        ProbeReport(target: gateway, mode: expect, findings: findings, duration: .now - begin, endedAt: .now())
    }

    private func save(_ report: ProbeReport) throws(StartFailure) {
        guard let metricsFile else { return }
        try WholeFile(purpose: "metrics file", path: metricsFile).write(report.exposition)
    }
}

extension ProbeMode: ExpressibleByArgument {}

/// How long a request may take.
struct ProbeTimeout: Sendable {
    let duration: Duration

    /// The gateway itself takes 10 s at most for a request, unless it is told otherwise.
    static let usual = ProbeTimeout(duration: .seconds(15))

    private init(duration: Duration) { self.duration = duration }

    init(parsing text: String) throws {
        guard let duration = Duration(setting: text), (.milliseconds(100)...(.seconds(300))).contains(duration) else {
            throw ValidationError("write a time such as 500ms, 10s or 1m, from 100ms to 5m")
        }
        self.duration = duration
    }
}
