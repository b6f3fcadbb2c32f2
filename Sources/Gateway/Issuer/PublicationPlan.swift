import ExchangeCore
import StrictJSON

/// Which keys are published next, in view of those that are published now.
struct PublicationPlan: Sendable {
    /// The public halves, oldest first.
    let publicKeys: [JSONObject]
    /// Ids that were published and no longer are.
    let left: [String]

    /// - Parameters:
    ///   - withdrawn: Keys to leave out whatever is lost by it.
    ///   - published: The set that is published now; nil for none.
    /// - Throws: Where a key would be lost within a day of its last use, or all would.
    init(ring: RingState, withdrawn: [String], published: KeySet?, at now: Timestamp) throws(StartFailure) {
        let known = ring.entries.map(\.known.key)
        publicKeys = known.filter { !withdrawn.contains($0.keyID) }.map(\.publicKey)
        guard !publicKeys.isEmpty else {
            throw StartFailure("no key would be left to publish: make a new one first, by 'issuer new-key --at-once'")
        }
        let names = known.map(\.keyID)
        for name in withdrawn where !names.contains(name) && !(published?.keyIDs.contains(name) ?? false) {
            throw StartFailure("--withdraw \(name): there is no such key; 'issuer show' lists them")
        }
        left = (published?.keyIDs ?? []).filter { !names.contains($0) && !withdrawn.contains($0) }
        guard let first = left.first else { return }
        // What signed before the present signer did so until this moment at the latest.
        let begun = ring.entries.map(ring.signsFrom).filter { $0 <= now }.max()
        guard let begun, now >= begun + RingState.publishedAfterUse else {
            let end =
                begun.map { "until \(($0 + RingState.publishedAfterUse).toTheSecond)" } ?? "until another one signs"
            throw StartFailure(
                """
                key \(first) is published, has no file any more, and is needed \(end): put its file back, or say by \
                --withdraw \(first) that it is stolen and tokens may fail
                """)
        }
    }
}
