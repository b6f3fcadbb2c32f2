import ExchangeCore
import StrictJSON

extension AssumeRoleCall {
    /// Clocks may differ this much without a word.
    static let clockTolerance = Duration.seconds(60)
    /// And this much with a warning; more is no difference of clocks.
    static let clockLimit = Duration.seconds(300)

    /// Takes `session` for this call, or says how it is not what was asked for.
    ///
    /// The ARN is compared as a whole: partition, account, role name (a role's path does not appear in it) and session.
    func check(_ session: AssumedSession, at now: Timestamp) throws(STSAnswerError) -> CheckedSession {
        let arn = "arn:\(role.partition.rawValue):sts::\(role.account):assumed-role/\(role.name)/\(sessionName)"
        guard session.assumedRoleARN == arn else { throw .otherSession }
        guard session.expiration > now else { throw .expired }
        let excess = session.expiration - (now + duration)
        guard excess <= Self.clockLimit else { throw .livesTooLong }
        return CheckedSession(session, isClockDoubtful: excess > Self.clockTolerance)
    }
}

/// A session that is the one that was asked for: only `AssumeRoleCall.check` makes one.
struct CheckedSession: Sendable {
    let session: AssumedSession
    /// The expiry is later than the clocks of the gateway and of AWS explain well: worth a warning.
    let isClockDoubtful: Bool

    fileprivate init(_ session: AssumedSession, isClockDoubtful: Bool) {
        self.session = session
        self.isClockDoubtful = isClockDoubtful
    }
}
