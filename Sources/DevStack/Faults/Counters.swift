import StrictJSON
import Threading

/// Counts by name, for tests to see what reached the stack.
struct Counters: Sendable {
    private let counts = Lock<[String: Int]>([:])

    /// Adds one to `name`.
    func count(_ name: String) {
        counts.withLock { $0[name, default: 0] += 1 }
    }

    /// Begins again at nothing.
    func reset() {
        counts.withLock { $0 = [:] }
    }

    /// All counts, `names` included when they are zero.
    func document(naming names: [String]) -> JSONValue {
        var counts = counts.withLock { $0 }
        for name in names { counts[name, default: 0] += 0 }
        return .object(
            JSONObject(counts.sorted { $0.key < $1.key }.map { .init($0.key, .number(JSONNumber(Int64($0.value)))) }))
    }
}
