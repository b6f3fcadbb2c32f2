/// What all calls together may spend on retries, as AWS's SDKs count it in "standard" mode.
///
/// 500 tokens; a retry costs 5, after a time-out 10; success gives back what the call spent, at least 1. An outage so
/// costs AWS little more than one call a request.
actor RetryBudget {
    /// The tokens at the start and at most.
    static let capacity = 500

    private(set) var tokens: Int

    init(tokens: Int = RetryBudget.capacity) {
        self.tokens = tokens
    }

    /// Takes `cost` tokens, or says that there are not enough.
    func withdraw(_ cost: Int) -> Bool {
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    /// Puts back what a call that came to an answer had spent.
    func refund(_ spent: Int) {
        tokens = min(Self.capacity, tokens + max(spent, 1))
    }
}
