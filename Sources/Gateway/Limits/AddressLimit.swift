import ExchangeCore
import MicroHTTPD
import Threading

/// How many requests a second one address may send, and some more at once.
final class AddressLimit: Sendable {
    private let perSecond: Double
    private let buckets = Lock<[[UInt8]: Bucket]>([:])

    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    /// Twice a second's worth may come at once.
    private var burst: Double { perSecond * 2 }
    /// Addresses that are remembered at a time: about 2 MB.
    private static let capacity = 16_384

    init(perSecond: Int) { self.perSecond = Double(perSecond) }

    /// Takes one request from `source` into account, or refuses it.
    func check(_ source: PeerAddress, at now: ContinuousClock.Instant = .now) throws(Refusal) {
        let address = source.network
        let isWithin = buckets.withLock { buckets in
            if buckets[address] == nil, buckets.count >= Self.capacity { makeRoom(in: &buckets, at: now) }
            var bucket = buckets[address] ?? Bucket(tokens: burst, filledAt: now)
            bucket = filled(bucket, at: now)
            defer { buckets[address] = bucket }
            guard bucket.tokens >= 1 else { return false }
            bucket.tokens -= 1
            return true
        }
        guard isWithin else { throw .rateLimited(retryAfter: .seconds(1)) }
    }

    /// How many addresses are remembered, for tests.
    var count: Int { buckets.withLock { $0.count } }

    private func filled(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Bucket {
        let (seconds, attoseconds) = (now - bucket.filledAt).components
        let gained = (Double(seconds) + Double(attoseconds) * 1e-18) * perSecond
        return Bucket(tokens: min(burst, bucket.tokens + max(0, gained)), filledAt: now)
    }

    /// Forgets addresses whose bucket is full again. When there are none, all: for a moment everybody may send a burst, which
    /// is better than growing or than refusing the unknown.
    private func makeRoom(in buckets: inout [[UInt8]: Bucket], at now: ContinuousClock.Instant) {
        buckets = buckets.filter { filled($0.value, at: now).tokens < burst }
        if buckets.count >= Self.capacity { buckets = [:] }
    }
}
