import StrictJSON
import Threading

/// The latest calls with what was sent, so that a test can see a session policy on the wire. Tokens are not kept.
struct CallLog: Sendable {
    private let calls = Lock<[JSONValue]>([])
    private let seen = Lock<Set<Int>>([])
    private static let capacity = 256
    private static let remembered = 50_000

    /// Notes a call; the oldest goes when there are 256.
    func add(_ call: JSONObject) {
        calls.withLock { calls in
            if calls.count == Self.capacity { calls.removeFirst() }
            calls.append(.object(call))
        }
    }

    /// Whether the very same body came before: a retry. Forgets all after 50,000 bodies.
    func isRepeated(_ body: [UInt8]) -> Bool {
        let hash = body.hashValue
        return seen.withLock { seen in
            if seen.count >= Self.remembered { seen.removeAll() }
            return !seen.insert(hash).inserted
        }
    }

    /// Forgets everything.
    func reset() {
        calls.withLock { $0 = [] }
        seen.withLock { $0 = [] }
    }

    /// The calls, oldest first.
    var document: JSONValue { .object(JSONObject([.init("calls", .array(calls.withLock { $0 }))])) }
}
