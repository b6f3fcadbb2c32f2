import ExchangeCore
import Foundation
import Secrets
import StrictJSON
import TestSupport

@testable import Gateway

/// What a gateway under test is made from.
struct GatewayPlan {
    static let role = "arn:aws:iam::123456123456:role/teams/octo/deploy"
    static let secretKey = "wJalrXUtnFEMI-CANARY-SECRET-KEY"
    static let sessionToken = "FwoGZXIvYXdzEA-CANARY-SESSION-TOKEN"

    var sts: [ScriptedSTS.Answer] = [.http(200, GatewayPlan.assumed())]
    /// Nil audits to a file.
    var sink: FakeSink?
    /// Settings beside the usual ones.
    var settings: [(key: String, value: String)] = []
    /// Of the container credentials front: no measure of a busy machine, unless a test sets it.
    var containerPatience = Duration.seconds(60)
    /// Makes the gateway's own tokens; nil for a gateway that forwards.
    var signingKey: SigningKey?
    /// Lines added to the rule.
    var rule = ""
    /// The issuers in YAML, and the key set that keys_file names.
    var issuers = GatewayPlan.velaIssuer
    var keySets: [String: [UInt8]] = [:]
    /// The setting `emergency_deny` names a file, which is there when `emergency` says what stands in it.
    var looksForEmergency = false
    var emergency: String?

    static let ownIssuer = "https://gateway.example.com"

    static let velaIssuer = """
          - name: vela
            url: \(VelaClaims.issuer)
            audiences: [sts.amazonaws.com]
            claims: vela
            max_token_age: 10m
            keys_file: vela.json

        """

    func policy() -> String {
        """
        version: 1
        issuers:
        \(issuers)
        rules:
          - name: deploy
            issuer: vela
            condition: { StringEquals: { repo: octo-org/octo-repo } }
            roles: ["\(Self.role)"]
            regions: [us-west-2, eu-central-1]
            max_duration: 1h
        \(rule)

        """
    }

    /// STS's answer with credentials for `session` of the role, as of the clock's usual start.
    static func assumed(session: String = "vela", role: String = "deploy") -> String {
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>\
        <AssumedRoleUser><AssumedRoleId>AROA123EXAMPLE123:\(session)</AssumedRoleId>\
        <Arn>arn:aws:sts::123456123456:assumed-role/\(role)/\(session)</Arn></AssumedRoleUser>\
        <Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>\(secretKey)</SecretAccessKey>\
        <SessionToken>\(sessionToken)</SessionToken>\
        <Expiration>\((ManualClock().now + .seconds(3600)).description)</Expiration></Credentials>\
        <PackedPolicySize>6</PackedPolicySize></AssumeRoleWithWebIdentityResult>\
        <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>\
        </AssumeRoleWithWebIdentityResponse>
        """
    }
}

extension GatewayPlan {
    /// STS's word on whose the credentials of `assumed` are.
    static func identity(arn: String = "arn:aws:sts::123456123456:assumed-role/deploy/vela") -> String {
        """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>\
        <Arn>\(arn)</Arn><UserId>AROA123EXAMPLE123:vela</UserId><Account>123456123456</Account></GetCallerIdentityResult>\
        <ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ResponseMetadata>\
        </GetCallerIdentityResponse>
        """
    }
}

/// A whole gateway in this process: real sockets, a scripted STS, an issuer whose keys lie in a file.
struct RunningGateway {
    let service: GatewayService
    let issuer: TestIssuer
    let sts: ScriptedSTS
    let clock: ManualClock
    let folder: TemporaryFolder
    let log: LineCollector

    /// Runs `body` against a gateway, which ends with it.
    static func run(_ plan: GatewayPlan = GatewayPlan(), _ body: (RunningGateway) async throws -> Void) async throws {
        let gateway = try RunningGateway(plan)
        let service = gateway.service
        let work = Task { await service.work() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(gateway)) } catch { result = .failure(error) }
        await service.stop()
        work.cancel()
        await work.value
        gateway.sts.stop()
        try result.get()
    }

    private init(_ plan: GatewayPlan) throws {
        (folder, clock, log) = (try TemporaryFolder(), ManualClock(), LineCollector())
        (issuer, sts) = (try TestIssuer.vela(), try ScriptedSTS(plan.sts))
        try folder.write(issuer.keySet, to: "vela.json")
        for (name, bytes) in plan.keySets { try folder.write(bytes, to: name) }
        let usual = [
            ("listen", "127.0.0.1:0"), ("health_listen", "127.0.0.1:0"), ("admin_listen", "127.0.0.1:0"),
            ("sts_endpoint", sts.url),
            ("drain_delay", "0s"),
            ("audit", "file:" + folder.file("audit.log")),
            ("policy", try folder.write(plan.policy(), to: "policy.yaml")),
            ("replica", "replica-7"), ("request_deadline", "60s"),
        ].map { (key: $0.0, value: $0.1) }
        if let emergency = plan.emergency { try folder.write(emergency, to: Self.emergencyFile) }
        let emergency =
            plan.looksForEmergency || plan.emergency != nil
            ? [(key: "emergency_deny", value: folder.file(Self.emergencyFile))] : []
        let settings = Settings(flags: usual + emergency + plan.settings, environment: [:], file: [], fileName: "")
        var surroundings = GatewayParts.Surroundings()
        surroundings.now = clock.closure
        surroundings.containerPatience = plan.containerPatience
        if let key = plan.signingKey {
            surroundings.minter = TokenMinter(
                issuer: GatewayPlan.ownIssuer, now: clock.closure, signingKey: { () throws(Refusal) in key })
        }
        if let sink = plan.sink { surroundings.openSink = { _ in sink } }
        service = try GatewayService(
            try GatewayConfiguration(settings, hostName: "host"), logger: log.logger(), surroundings: surroundings)
    }

    /// The emergency deny's file, in `folder`.
    static let emergencyFile = "emergency.yaml"

    /// A token that the policy allows, but for what `claims` changes.
    func token(_ claims: VelaClaims? = nil) throws -> String {
        STSSamples.text(of: try issuer.token((claims ?? VelaClaims(at: clock.now)).members))
    }

    func send(_ request: ProbeRequest) async throws -> ProbeAnswer {
        try await HTTPProbe.send(request, to: service.serviceURL)
    }

    /// GET on the health listener.
    func health(_ path: String) async throws -> ProbeAnswer {
        try await HTTPProbe.send(ProbeRequest("GET", path), to: service.healthURL)
    }

    /// The sample called `name`, labels included, of `/metrics`; nil when there is none.
    func metric(_ name: String) async throws -> String? {
        let lines = try await health("/metrics").body.split(separator: "\n")
        return lines.first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// The records of requests in the audit file: without the lines that the log writes about itself.
    var audit: [JSONObject] {
        get throws {
            try folder.text("audit.log").split(separator: "\n").map {
                try JSONValue(parsing: Array($0.utf8)).object ?? [:]
            }.filter { !$0.isOpening }
        }
    }
}
