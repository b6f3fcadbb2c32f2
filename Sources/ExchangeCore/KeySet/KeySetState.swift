package import StrictJSON

/// How the keys of one issuer are at a moment.
package struct KeySetState: Sendable, Equatable {
    /// The issuer's name in the policy.
    package let issuer: String
    package let url: String
    /// Keys that can be used; 0 while there are none or they are too old.
    package let keys: Int
    /// Members of the key set that were left out.
    package let skipped: Int
    /// The time since the fetch that brought the keys began; nil without keys, and for static ones.
    package let age: Duration?
    /// Fetches begun since the start, and how many of them failed.
    package let fetches: Int
    package let failures: Int
    /// Why the last fetch failed; nil after one that succeeded. For the log, not for callers.
    package let lastFailure: String?
    package let lastFailureAt: Timestamp?
    /// Whether the policy takes none of its tokens for now; then no keys are fetched either.
    package var isDisabled = false

    /// Whether tokens of this issuer can be verified now.
    package var isUsable: Bool { keys > 0 && !isDisabled }
}
