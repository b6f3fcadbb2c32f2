import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore
@testable import Gateway
@testable import MicroHTTPD

/// What the page calls attention to.
struct ConcernsTests {
    private static let now = ManualClock().now

    /// A gateway that is well, but for what a test changes.
    private struct Draft {
        var isDraining = false
        var sinkFailure: String?
        var keys = 1
        var keyFailure: String?
        var rules: [RuleSummary] = []
        var withheld = 0
        var openCircuits: [String] = []
        var certificate: CertificateValidity?
        var isPlaintext = false
        var isOneUseStoreUsable: Bool?
        var isDisabled = false
        var emergency: [EmergencyState] = []
        var doubts: [String] = []

        var concerns: [Concern] {
            var issuer = KeySetState(
                issuer: "vela", url: "https://vela.example.com", keys: keys, skipped: 0, age: nil, fetches: 1,
                failures: 1, lastFailure: keyFailure, lastFailureAt: now)
            issuer.isDisabled = isDisabled
            let sink = AuditSinkStatus(
                name: "stdout", durability: .written, head: nil, headAge: nil, waiting: 0, failure: sinkFailure)
            return GatewayStatus(
                version: "1", replica: "r", startedAt: now, takenAt: now,
                readiness: Readiness.Report(
                    rules: 1, issuers: [.init(name: "vela", isUsable: keys > 0)], isAuditWritable: sinkFailure == nil,
                    auditDurability: .written, isOneUseStoreUsable: isOneUseStoreUsable, isDraining: isDraining),
                policy: .init(digest: "d", loadedAt: now, faults: nil, rules: rules, sessionPolicies: []),
                issuers: [issuer], decisions: [], observed: [], withheld: withheld, audit: [sink],
                load: .init(
                    requests: 0, connections: 0, stsCalls: 0, waiting: 0, limits: AdmissionLimits(),
                    openCircuits: openCircuits),
                certificate: certificate, isPlaintextOffLoopback: isPlaintext, emergency: emergency,
                emergencyDoubts: doubts
            ).concerns
        }
    }

    private func expiring(in days: Int64) -> CertificateValidity {
        CertificateValidity(begins: 0, ends: Self.now.seconds + days * 86_400)
    }

    @Test func `nothing, when all is well`() {
        #expect(Draft().concerns.isEmpty)
        #expect(Draft(certificate: expiring(in: 8), isOneUseStoreUsable: true).concerns.isEmpty)
    }

    @Test func `what refuses callers is trouble`() {
        let troubles = [
            Draft(isDraining: true), Draft(sinkFailure: "no space"), Draft(keys: 0, keyFailure: "refused"),
            Draft(openCircuits: ["sts.us-east-1.amazonaws.com"]), Draft(certificate: expiring(in: -1)),
            Draft(isOneUseStoreUsable: false),
        ].map(\.concerns)
        #expect(troubles.allSatisfy { $0.count == 1 && $0.first?.weight == .trouble })
        #expect(
            troubles[1].first?.sentence.contains("stdout takes no records, so nobody gets credentials: no space")
                == true)
        #expect(troubles[2].first?.details.first?.hasSuffix(": refused") == true)
    }

    @Test func `what is stopped on purpose is trouble, by its name`() throws {
        func state(_ reading: EmergencyReading, failure: String? = nil) -> EmergencyState {
            EmergencyState(source: .file, reading: reading, since: Self.now, failure: failure)
        }
        let rules = try EmergencyReading.compile(
            Array("version: 1\nrules: [{name: leak, issuer: vela}]".utf8), named: "f")
        let all = try EmergencyReading.compile(Array("version: 1\ndeny: all".utf8), named: "f")
        let troubles = [
            Draft(keys: 0, isDisabled: true), Draft(emergency: [state(.deny(rules))]),
            Draft(emergency: [state(.deny(all))]), Draft(emergency: [state(.faulty(cause: "line 3"))]),
            Draft(emergency: [state(.unknown(cause: "no answer"))]),
        ].map(\.concerns)
        #expect(troubles.allSatisfy { $0.count == 1 && $0.first?.weight == .trouble }, "\(troubles)")
        #expect(troubles[0].first?.sentence == "Issuer vela is disabled in the policy, so its tokens are refused.")
        #expect(troubles[1].first?.details == ["leak"])
        #expect(troubles[2].first?.sentence.hasPrefix("Everything is denied by the emergency deny in the file") == true)
        #expect(troubles[3].first?.details == ["line 3"])
        #expect(Draft(emergency: [state(.absent)]).concerns.isEmpty)
        let warnings = [Draft(emergency: [state(.absent, failure: "no answer")]), Draft(doubts: ["rule x"])].map(
            \.concerns)
        #expect(warnings.allSatisfy { $0.count == 1 && $0.first?.weight == .warning }, "\(warnings)")
    }

    @Test func `what will is a warning`() {
        let warnings = [
            Draft(keyFailure: "refused"), Draft(withheld: 2), Draft(certificate: expiring(in: 6)),
            Draft(isPlaintext: true),
        ].map(\.concerns)
        #expect(warnings.allSatisfy { $0.count == 1 && $0.first?.weight == .warning })
        #expect(warnings[1].first?.sentence.contains("withheld twice") == true)
        #expect(warnings[2].first?.sentence.contains("expires in 6 days") == true)
    }

    @Test func `a rule under observation is one, until it is in force`() {
        func rule(_ effect: Effect, until seconds: Int64) -> RuleSummary {
            RuleSummary(
                name: "trial", effect: effect, issuer: nil, file: "f", line: 1, conditions: [], roles: [], regions: [],
                maximumDuration: nil, sessionName: nil, federation: nil, sessionPolicy: nil, oneUseFronts: [],
                observedUntil: Timestamp(seconds: Self.now.seconds + seconds))
        }
        #expect(
            Draft(rules: [rule(.allow, until: 60)]).concerns.first?.sentence.hasSuffix("its condition does not count.")
                == true)
        #expect(
            Draft(rules: [rule(.deny, until: 60)]).concerns.first?.sentence.hasSuffix("it keeps nobody out.") == true)
        #expect(Draft(rules: [rule(.allow, until: 0)]).concerns.isEmpty)
    }

    @Test func `trouble comes first`() {
        #expect(
            Draft(keys: 0, withheld: 1, isPlaintext: true).concerns.map(\.weight) == [.trouble, .warning, .warning])
    }
}
