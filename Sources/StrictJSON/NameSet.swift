/// Finds duplicate names: by comparing while there are few, by hash from 32 on, so that no object costs quadratic time.
///
/// Swift's `==` is meant here: two spellings that a `[String: Value]` would take for one name are one too many. Between names
/// of ASCII that is the same as the same bytes, which costs less.
struct NameSet {
    /// Comparing names beyond ASCII sorts their combining marks, which takes quadratic time. No name that means anything
    /// to us is so long.
    static let longestBeyondASCII = 256
    /// More than a token has claims.
    private static let fewest = 32

    private var isASCII = true
    private var hashed: Set<String> = []

    /// Notes `name`; false when it is among `members`, all of which have been noted before.
    mutating func insert(_ name: ParsedString, beside members: [JSONObject.Member]) -> Bool {
        isASCII = isASCII && name.isASCII
        guard members.count < Self.fewest else { return insertHashed(name.text, beside: members) }
        if isASCII { return !members.contains { $0.isNamed(name.text, name.mark) } }
        return !members.contains { $0.name == name.text }
    }

    private mutating func insertHashed(_ name: String, beside members: [JSONObject.Member]) -> Bool {
        if hashed.isEmpty { hashed = Set(members.map(\.name)) }
        return hashed.insert(name).inserted
    }
}

extension ParsedString {
    /// Whether it may stand in a document as a name.
    var isAcceptableAsName: Bool { isASCII || text.utf8.count <= NameSet.longestBeyondASCII }
}
