import StrictJSON
import Threading

/// The configured issuers, each with its own keys: no key of one is ever looked at for another.
final class KeyDirectory: Sendable {
    /// An issuer and its keys.
    struct Entry {
        let issuer: Issuer
        let keys: IssuerKeys
    }

    private let timing: KeyTiming
    private let fetch: KeyFetch
    private let now: @Sendable () -> Timestamp
    private let entries: Lock<[Entry]>

    init(
        issuers: [Issuer], timing: KeyTiming, fetch: @escaping KeyFetch, now: @escaping @Sendable () -> Timestamp
    ) {
        self.timing = timing
        self.fetch = fetch
        self.now = now
        entries = Lock([])
        update(issuers: issuers)
    }

    /// The issuer whose URL is `url`, byte for byte, with its keys.
    func entry(for url: String) -> Entry? {
        let entries = entries.withLock { $0 }
        return entries.first { $0.issuer.url.isByteEqual(to: url) }
    }

    /// Keeps the keys of each issuer whose URL and key source stay, whatever else changes.
    func update(issuers: [Issuer]) {
        entries.withLock { entries in
            let old = entries
            entries = issuers.map { issuer in Entry(issuer: issuer, keys: keys(of: issuer, keeping: old)) }
        }
    }

    /// Fetches what is due, looking once a tick, until cancelled.
    func refreshLoop(sleep: @Sendable (Duration) async throws -> Void) async {
        while !Task.isCancelled {
            for entry in entries.withLock({ $0 }) where !entry.issuer.isDisabled { entry.keys.refreshIfDue() }
            do {
                try await sleep(timing.tick)
            } catch {
                // Only a cancellation ends a sleep early.
                return
            }
        }
    }

    var states: [KeySetState] {
        entries.withLock { $0 }.map {
            var state = $0.keys.snapshot(named: $0.issuer.name)
            state.isDisabled = $0.issuer.isDisabled
            return state
        }
    }

    private func keys(of issuer: Issuer, keeping old: [Entry]) -> IssuerKeys {
        let kept = old.first { $0.keys.url.isByteEqual(to: issuer.url) && $0.keys.source == issuer.keySource }
        return kept?.keys ?? IssuerKeys(of: issuer, timing: timing, fetch: fetch, now: now)
    }
}
