import StrictJSON
import Threading

/// Notes used tokens in this process's memory: for one replica, whose restart forgets them.
final class MemoryOneUseStore: OneUseStore {
    private let capacity: Int
    private let now: @Sendable () -> Timestamp
    private let state = Lock(State())

    /// A hundred thousand keys are 50,000 tokens, about 20 MiB. With Vela's tokens of five minutes that is a use every 7 ms.
    static let usualCapacity = 100_000

    fileprivate struct State {
        /// By the key, whose use it is.
        var owners: [String: String] = [:]
        /// By the second at which they end.
        var ends: [Int64: [String]] = [:]
        var lastSweep: Int64 = .min
    }

    init(capacity: Int = MemoryOneUseStore.usualCapacity, now: @escaping @Sendable () -> Timestamp) {
        self.capacity = capacity
        self.now = now
    }

    func reserve(_ use: TokenUse) async throws(OneUseStoreError) -> Bool {
        let second = now().seconds
        return try state.withLock { (state) throws(OneUseStoreError) in
            state.sweep(before: second)
            guard use.keys.allSatisfy({ state.owners[$0, default: use.id] == use.id }) else { return false }
            // Forgetting the oldest to make room would let them be used again.
            guard state.owners.count + use.keys.count <= capacity else {
                throw OneUseStoreError("the memory for used tokens is full: use a shared store")
            }
            for key in use.keys where state.owners.updateValue(use.id, forKey: key) == nil {
                state.ends[use.endsAt.seconds + 1, default: []].append(key)
            }
            return true
        }
    }

    func release(_ use: TokenUse) async throws(OneUseStoreError) {
        // What stands in `ends` stays: sweeping a key that is gone does nothing, and one that is noted anew ends with its token.
        state.withLock { state in
            for key in use.keys where state.owners[key] == use.id { state.owners[key] = nil }
        }
    }

    func check() async throws(OneUseStoreError) {
        let second = now().seconds
        let isFull = state.withLock { state in
            state.sweep(before: second)
            return state.owners.count >= capacity
        }
        if isFull { throw OneUseStoreError("the memory for used tokens is full: use a shared store") }
    }

    func close() {}

    /// Keys that are noted, for tests.
    var count: Int { state.withLock { $0.owners.count } }
}

extension MemoryOneUseStore.State {
    /// Forgets what ended before `second`: once a second.
    fileprivate mutating func sweep(before second: Int64) {
        guard second > lastSweep else { return }
        lastSweep = second
        for (end, keys) in ends where end <= second {
            for key in keys { owners[key] = nil }
            ends[end] = nil
        }
    }
}
