/// Finds duplicate names: by comparing while there are few, by hash from 16 on, so that no object costs quadratic time.
///
/// Swift's `==` is meant here: two spellings that a `[String: Value]` would take for one name are one too many.
struct NameSet {
    /// Comparing names beyond ASCII sorts their combining marks, which takes quadratic time. No name that means anything
    /// to us is so long.
    static let longestBeyondASCII = 256

    private var hashed: Set<String> = []

    /// Whether `name` may stand in a document at all.
    static func isAcceptable(_ name: String) -> Bool {
        name.utf8.count <= longestBeyondASCII || name.utf8.allSatisfy { $0 < 0x80 }
    }

    /// Notes `name`; false when it is among `members`, all of which have been noted before.
    mutating func insert(_ name: String, beside members: [JSONObject.Member]) -> Bool {
        if members.count < 16 { return !members.contains { $0.name == name } }
        if hashed.isEmpty { hashed = Set(members.map(\.name)) }
        return hashed.insert(name).inserted
    }
}
