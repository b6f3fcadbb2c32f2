import ExchangeAPI
import ExchangeCore
import Secrets
import StrictJSON

/// What is written of one decision. It has no field that could hold a token, a secret key or a session token.
struct AuditRecord: Sendable {
    let call: Call
    let front: Front
    /// Filled when the token was verified.
    var token: VerifiedToken?
    /// Filled when the request could be read.
    var request: ExchangeRequest?
    /// Filled when a rule allowed it.
    var grant: Grant?
    /// The token of the gateway's own that AWS was shown; nil where none was made.
    var minted: MintedMark?
    /// How the token stood, where a rule takes it once; nil elsewhere.
    var oneUse: UsedTokens.Finding?
    /// The policy that decided.
    var policyDigest: String?
    /// What AWS made and the caller does not get.
    var withheld: Credentials?
    var stages = Stages()

    init(call: Call, front: Front) {
        self.call = call
        self.front = front
    }

    /// Whose turn it is at STS: the repository, of issuers without one the subject.
    var repository: String {
        guard let token else { return "" }
        return "\(token.issuer) \(token.claims.string("repo") ?? token.subject)"
    }

    /// How it ended.
    enum Outcome: Sendable {
        case allowed(Credentials)
        case refused(Refusal)
        /// AWS made credentials, and nobody got them because their record was not durable in time.
        case withheld(Credentials)
    }

    /// How long each stage took.
    struct Stages: Sendable {
        var verify: Duration?
        var decide: Duration?
        var issue: Duration?
        var identify: Duration?
    }
}

extension Front {
    /// Calls of STS that one request may cost. One where the caller tries again by himself: five tries of an SDK must not become
    /// fifteen calls while STS is down.
    var attempts: Int {
        switch self {
        case .credentials: STSClient.usualAttempts
        case .sts, .container: 1
        case .whoami: 0
        }
    }

    /// Whether requests for the same with the same token share a call of STS: boto3 asks three times while it waits.
    var joinsCalls: Bool { self == .container }
}

extension AuditRecord {
    /// The members of the line, without what the log adds at its ends (design section 8).
    func encoded(_ outcome: Outcome, decidedAt moment: Timestamp) -> AuditBody {
        var writer = AuditWriter(at: moment)
        writer.member("request_id", call.requestID.description)
        writer.member("trace_id", call.traceID)
        writer.member("client_request_id", call.clientRequestID?.description)
        writer.member("front", front.rawValue)
        writer.member("source_address", call.sourceAddress)
        write(outcome, into: &writer)
        writer.member("policy_digest", policyDigest)
        if let token { write(token, into: &writer) }
        if let request { write(request, into: &writer) }
        if let grant {
            write(grant, into: &writer)
            writer.federation(grant.federation, minted: minted)
        }
        writer.member("one_use", oneUse?.rawValue)
        writer.member("verify_us", stages.verify?.microseconds)
        writer.member("decide_us", stages.decide?.microseconds)
        writer.member("issue_us", stages.issue?.microseconds)
        writer.member("identify_us", stages.identify?.microseconds)
        return writer.finish()
    }

    private func write(_ outcome: Outcome, into writer: inout AuditWriter) {
        switch outcome {
        case .allowed(let credentials):
            writer.member("outcome", "allowed")
            write(credentials, into: &writer)
        case .withheld(let credentials):
            writer.member("outcome", "withheld")
            write(credentials, into: &writer)
        case .refused(let refusal):
            writer.member("outcome", "refused")
            writer.member("code", refusal.problem.code.rawValue)
            writer.member("cause", refusal.cause)
            if grant == nil { writer.member("rule", refusal.rule) }
            writer.member("withheld_access_key_id", withheld?.accessKeyID)
        }
    }

    private func write(_ credentials: Credentials, into writer: inout AuditWriter) {
        writer.member("access_key_id", credentials.accessKeyID)
        writer.member("assumed_role_id", credentials.assumedRoleID)
        writer.member("expires_at", credentials.expiration.description)
        writer.member("packed_policy_size", credentials.packedPolicySize)
        writer.member("sts_request_id", credentials.stsRequestID)
    }

    private func write(_ token: VerifiedToken, into writer: inout AuditWriter) {
        writer.member("issuer", token.issuer)
        writer.member("sub", token.subject)
        let claims = ["repo", "build_number", "actor", "event", "ref", "sha", "image", "commands", "pull_fork"]
        for name in claims { writer.member(name, token.claims.string(name)) }
        writer.member("jti", token.tokenID)
        writer.member("token_sha256", token.digest)
    }

    private func write(_ request: ExchangeRequest, into writer: inout AuditWriter) {
        writer.member("role", request.role.description)
        writer.member("account", request.role.account)
    }

    private func write(_ grant: Grant, into writer: inout AuditWriter) {
        writer.member("rule", grant.rule)
        writer.member("region", grant.region.description)
        writer.member("session_name", grant.sessionName.description)
        writer.member("duration_seconds", Int(grant.duration.components.seconds))
        if !grant.observations.isEmpty { writer.member("observed", grant.observations.map(\.description)) }
        writer.member("session_policy_sha256", grant.sessionPolicy.map(sha256Hex))
        if !grant.managedPolicies.isEmpty { writer.member("managed_session_policies", grant.managedPolicies) }
    }
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int {
        Int(components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000)
    }
}
