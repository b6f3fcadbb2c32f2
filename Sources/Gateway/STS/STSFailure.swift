import ExchangeCore

/// Why there are no credentials, after all attempts.
struct STSFailure: Error, Sendable, Equatable {
    /// What to answer, log and audit.
    let refusal: Refusal
    /// False only where STS surely heard of none of the attempts, so that a token for one use may be used again.
    let reachedSTS: Bool
    /// Calls made, 0 where there was no time or no address for one.
    let attempts: Int
    /// The last of the gateway's own tokens that was made for it; nil where there was none.
    var minted: MintedMark?

    func naming(_ minted: MintedMark?) -> STSFailure {
        var failure = self
        failure.minted = minted
        return failure
    }
}

/// Why one attempt failed, and whether another may succeed.
struct AttemptFailure: Error, Sendable, Equatable {
    /// What a further attempt takes from the retry budget.
    enum Retry: Int, Sendable {
        case never = 0
        case ordinary = 5
        case afterTimeout = 10
    }

    let refusal: Refusal
    let reachedSTS: Bool
    let retry: Retry

    init(_ refusal: Refusal, reachedSTS: Bool = true, retry: Retry = .never) {
        self.refusal = refusal
        self.reachedSTS = reachedSTS
        self.retry = retry
    }
}
