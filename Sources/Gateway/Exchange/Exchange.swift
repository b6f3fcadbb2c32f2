import ExchangeCore
import Logging
import Secrets
import StrictJSON

/// The spine: verify, decide, issue, audit. Every front ends here, and nothing else makes credentials.
struct Exchange: Sendable {
    let verifier: TokenVerifier
    let policies: PolicyStore
    let sts: STSClient
    let audit: AuditTrail
    let limits: ExchangeLimits
    let usedTokens: UsedTokens
    let emergency: EmergencyBrake
    let now: @Sendable () -> Timestamp
    private let flights = STSFlights()

    init(
        verifier: TokenVerifier, policies: PolicyStore, sts: STSClient, audit: AuditTrail,
        limits: ExchangeLimits, usedTokens: UsedTokens, emergency: EmergencyBrake,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.verifier = verifier
        self.policies = policies
        self.sts = sts
        self.audit = audit
        self.limits = limits
        self.usedTokens = usedTokens
        self.emergency = emergency
        self.now = now
    }

    /// One request of a front, from what `read` makes of it to the answer. A refusal is recorded before it is thrown, so no front
    /// can forget it.
    func answer(
        _ call: Call, of front: Front, reading read: () throws(Refusal) -> PresentedRequest
    ) async throws(Refusal) -> Issued {
        var record = AuditRecord(call: call, front: front)
        do throws(Refusal) {
            try limits.check(call)
            var asked = try read()
            asked.request.front = front
            return try await credentials(for: asked.request, presenting: asked.token, record: &record)
        } catch {
            await audit.write(record, refusing: error)
            throw error
        }
    }

    /// Exchanges `token` for credentials, or says why not. Whatever is decided stands in the audit before it is returned.
    private func credentials(
        for request: ExchangeRequest, presenting token: Secret, record: inout AuditRecord
    ) async throws(Refusal) -> Issued {
        record.request = request
        let verified = try await verify(token, noting: &record)
        try emergency.check(verified, asking: request)
        let grant = try decide(verified, asking: request, noting: &record)
        let use = try await usedTokens.take(verified, for: grant, noting: &record)
        let credentials = try await issue(grant, presenting: token, as: use, noting: &record)
        let identity = try await identify(credentials, of: grant, where: request.isToBeVerified, noting: &record)
        try await audit.write(record, allowing: credentials)
        return Issued(token: verified, grant: grant, credentials: credentials, identity: identity)
    }

    /// Not private only for `identity`.
    func verify(_ token: Secret, noting record: inout AuditRecord) async throws(Refusal) -> VerifiedToken {
        let start = ContinuousClock.now
        let verified = try await verifier.verify(token)
        record.stages.verify = ContinuousClock.now - start
        record.token = verified
        return verified
    }

    private func decide(
        _ token: VerifiedToken, asking request: ExchangeRequest, noting record: inout AuditRecord
    ) throws(Refusal) -> Grant {
        let start = ContinuousClock.now
        let policy = policies.current
        record.policyDigest = policy.digest
        let grant = try policy.decide(token, asking: request, at: now())
        record.stages.decide = ContinuousClock.now - start
        record.grant = grant
        return grant
    }

    private func issue(
        _ grant: Grant, presenting token: Secret, as use: TokenUse?, noting record: inout AuditRecord
    ) async throws(Refusal) -> Credentials {
        let start = ContinuousClock.now
        do throws(STSFailure) {
            let outcome = try await call(grant, presenting: token, record)
            record.stages.issue = ContinuousClock.now - start
            record.minted = outcome.minted
            if outcome.isClockDoubtful { audit.warnOfClock(record) }
            return outcome.credentials
        } catch {
            record.stages.issue = ContinuousClock.now - start
            record.minted = error.minted
            if !error.reachedSTS { await usedTokens.release(use) }
            throw error.refusal
        }
    }

    /// Asks AWS whose the credentials are, for a caller that wants it. Without AWS's word he gets none; their id is in the
    /// record, for AWS has made them.
    private func identify(
        _ credentials: Credentials, of grant: Grant, where isWanted: Bool, noting record: inout AuditRecord
    ) async throws(Refusal) -> CallerIdentity? {
        guard isWanted else { return nil }
        let start = ContinuousClock.now
        defer { record.stages.identify = ContinuousClock.now - start }
        do throws(STSFailure) {
            return try await limits.admission.run(for: record.repository, before: record.call.deadline) {
                () async throws(STSFailure) in
                try await sts.callerIdentity(of: credentials, for: grant, before: record.call.deadline)
            }
        } catch {
            record.withheld = credentials
            throw error.refusal
        }
    }

    /// The call of STS, or a share in one for the same that is under way. What it gives is audited by each request for itself.
    private func call(
        _ grant: Grant, presenting token: Secret, _ record: AuditRecord
    ) async throws(STSFailure) -> STSOutcome {
        let (sts, deadline, attempts) = (sts, record.call.deadline, record.front.attempts)
        let (admission, repository) = (limits.admission, record.repository)
        let identity = grant.webIdentity(presentedWith: token)
        let assume = { @Sendable () async throws(STSFailure) in
            try await admission.run(for: repository, before: deadline) { () async throws(STSFailure) in
                try await sts.assumeRole(grant, presenting: identity, before: deadline, attempts: attempts)
            }
        }
        guard record.front.joinsCalls, let digest = record.token?.digest else { return try await assume() }
        let key = STSFlights.Key(tokenDigest: digest, call: AssumeRoleCall(grant), federation: grant.federation)
        return try await flights.join(key) {
            do throws(STSFailure) {
                return .success(try await assume())
            } catch { return .failure(error) }
        }
    }
}

/// What a front makes of a request: what is asked for, and the token that shall allow it.
struct PresentedRequest: Sendable {
    let token: Secret
    var request: ExchangeRequest
}

/// What an exchange gives.
struct Issued: Sendable {
    let token: VerifiedToken
    let grant: Grant
    let credentials: Credentials
    /// Whose the credentials are by AWS's word; nil when nobody asked.
    let identity: CallerIdentity?
}
