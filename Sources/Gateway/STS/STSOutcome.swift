import ExchangeCore

/// Credentials that were checked against the grant, and what the call came to.
struct STSOutcome: Sendable {
    let credentials: Credentials
    /// Worth a warning: the expiry says that the gateway's clock and AWS's differ by more than a minute.
    let isClockDoubtful: Bool
    /// Calls made, the last included.
    let attempts: Int
    /// The token of the gateway's own that AWS took; nil where the caller's was forwarded.
    let minted: MintedMark?

    init(_ checked: CheckedSession, attempts: Int, minted: MintedMark? = nil) {
        self.minted = minted
        let session = checked.session
        credentials = Credentials(
            accessKeyID: session.accessKeyID, secretAccessKey: session.secretAccessKey,
            sessionToken: session.sessionToken, expiration: session.expiration,
            assumedRoleARN: session.assumedRoleARN, assumedRoleID: session.assumedRoleID,
            packedPolicySize: session.packedPolicySize, stsRequestID: session.requestID)
        isClockDoubtful = checked.isClockDoubtful
        self.attempts = attempts
    }
}
