import ExchangeCore
import MicroHTTPD
import StrictJSON

/// How a gateway is at a moment: everything that the administrator's listener shows, as values. It is put together in one place, from
/// what each part tells under its own short lock; nothing is held while a page is written.
struct GatewayStatus: Sendable {
    let version: String
    /// What audit lines call this process.
    let replica: String
    let startedAt: Timestamp
    let takenAt: Timestamp
    let readiness: Readiness.Report
    let policy: PolicyStatus
    let issuers: [KeySetState]
    let decisions: [DecisionCount]
    let observed: [ObservedCount]
    /// Credentials that AWS made and nobody got, for want of a record.
    let withheld: Int
    let audit: [AuditSinkStatus]
    let load: LoadStatus
    /// Nil without TLS.
    let certificate: CertificateValidity?
    /// Whether tokens travel in the clear off loopback.
    let isPlaintextOffLoopback: Bool
    /// What each configured source of an emergency deny says.
    var emergency: [EmergencyState] = []
    /// Emergency rules that may bind nobody under this policy.
    var emergencyDoubts: [String] = []

    /// The policy that decides, and what is wrong with the files as they are now.
    struct PolicyStatus: Sendable {
        let digest: String
        let loadedAt: Timestamp
        /// Nil when the files say what decides.
        let faults: PolicyFaults?
        let rules: [RuleSummary]
        let sessionPolicies: [String]
    }

    /// Decisions of one kind since the start.
    struct DecisionCount: Sendable, Equatable {
        let front: String
        /// `allowed`, `refused` or `shown`.
        let outcome: String
        /// Of a refusal; `none` otherwise.
        let code: String
        let count: Int
    }

    /// How often a rule under observation would have decided otherwise since the start.
    struct ObservedCount: Sendable, Equatable {
        let rule: String
        let effect: String
        let count: Int
    }

    /// What is under way, and what may be.
    struct LoadStatus: Sendable {
        let requests: Int
        let connections: Int
        let stsCalls: Int
        let waiting: Int
        let limits: AdmissionLimits
        /// Endpoints of STS that are left alone because they do not answer.
        let openCircuits: [String]
    }
}

extension GatewayStatus {
    /// How many decisions had this outcome.
    func count(of outcome: String) -> Int { decisions.filter { $0.outcome == outcome }.map(\.count).reduce(0, +) }

    /// The rules that are under observation now.
    var observedRules: [RuleSummary] {
        policy.rules.filter { rule in rule.observedUntil.map { takenAt < $0 } ?? false }
    }
}
