import ExchangeCore
import StrictJSON

/// The gateway's keys and the rules of which one signs: a value, so that each step is atomic under its ring's lock.
///
/// The youngest signs that is old enough by its name and was found at the public issuer URL; else the next older one. What
/// signed lately stays in memory, and so published, whatever becomes of its file.
struct RingState: Sendable {
    /// A key and what is known of it.
    struct Entry: Sendable {
        var known: KnownKey
        /// False for a key that is needed although its file is gone.
        var hasFile = true
        /// When a running gateway first saw it; nil for one that was there at the start, of which only the name tells.
        var seenAt: Timestamp?
        var lastUsed: Timestamp?
        /// Whether the last fetch of the public key set that succeeded had it.
        var isPublished = false
    }

    /// Oldest first.
    private(set) var entries: [Entry]
    /// How long a key is published before it signs.
    let publishAhead: Duration

    /// How long a key is published after its last use: a token lives minutes, and clocks and caches need their time.
    static let publishedAfterUse = Duration.seconds(86_400)

    init(_ keys: [KnownKey], publishAhead: Duration) {
        entries = keys.map { Entry(known: $0) }
        self.publishAhead = publishAhead
    }

    /// The moment from which `entry` may sign: by its name, or later where this process saw it arrive later.
    func signsFrom(_ entry: Entry) -> Timestamp {
        let named = entry.known.signsFrom(ahead: publishAhead)
        guard let seenAt = entry.seenAt, !entry.known.name.signsAtOnce else { return named }
        return max(named, seenAt + publishAhead)
    }

    /// The place of the key that signs; nil when none may.
    func signer(at now: Timestamp) -> Int? {
        entries.lastIndex { $0.isPublished && signsFrom($0) <= now }
    }

    /// The key that signs, noting its use; nil when none may.
    mutating func take(at now: Timestamp) -> SigningKey? {
        guard let index = signer(at: now) else { return nil }
        entries[index].lastUsed = now
        return entries[index].known.key
    }

    /// Takes what the files say now. A key whose file is gone stays where it is needed.
    mutating func replace(with keys: [KnownKey], at now: Timestamp) {
        let signer = signer(at: now).map { entries[$0].known.key.keyID }
        let ids = Set(keys.map(\.key.keyID))
        let kept = entries.filter { !ids.contains($0.known.key.keyID) && isNeeded($0, signer: signer, at: now) }
        let old = entries
        let present = keys.map { known -> Entry in
            guard var entry = old.first(where: { $0.known.key.keyID == known.key.keyID }) else {
                return Entry(known: known, seenAt: now)
            }
            (entry.known, entry.hasFile) = (known, true)
            return entry
        }
        entries = kept.map(\.withoutFile) + present
        entries.sort { $0.known.isOlder(than: $1.known) }
    }

    /// Forgets keys without a file that nobody needs any more.
    mutating func sweep(at now: Timestamp) {
        let signer = signer(at: now).map { entries[$0].known.key.keyID }
        entries = entries.filter { $0.hasFile || isNeeded($0, signer: signer, at: now) }
    }

    /// Takes what a fetch of the public key set has brought.
    mutating func note(_ published: KeySet) {
        for index in entries.indices {
            entries[index].isPublished = published.holds(entries[index].known.key.publicKey)
        }
    }

    private func isNeeded(_ entry: Entry, signer: String?, at now: Timestamp) -> Bool {
        if entry.known.key.keyID == signer { return true }
        return entry.lastUsed.map { now < $0 + Self.publishedAfterUse } ?? false
    }
}

extension RingState.Entry {
    fileprivate var withoutFile: Self {
        var entry = self
        entry.hasFile = false
        return entry
    }
}
