import StrictJSON

/// Reads a mapping by a schema: each key at most once, no key that nobody asks for.
///
/// What cannot be read is reported and answered with nil, and the reading goes on.
struct MappingReader {
    let position: SourcePosition
    let scope: FaultScope
    /// What this mapping is, for the faults: `a rule`, `an issuer`.
    let what: String
    private let entries: [SourceEntry]

    /// Nil, and a fault, for a node that is no mapping. Unknown and repeated keys are reported here.
    init?(_ node: SourceNode, what: String, keys: [String], scope: FaultScope) {
        guard case .mapping(let entries) = node.content else {
            scope.report("\(what) is a mapping of keys to values, but here is \(node.kind)", at: node.position)
            return nil
        }
        self.entries = entries
        self.position = node.position
        self.scope = scope
        self.what = what
        reportRepeatedKeys(in: entries, scope: scope)
        for entry in entries {
            if keys.contains(where: { $0.hasSameBytes(as: entry.key) }) { continue }
            scope.report(
                "unknown key \(entry.key.quoted) in \(what); the keys are \(keys.joined(separator: ", "))",
                at: entry.position)
        }
    }

    /// The value of `key`, nil without a fault when it is not there.
    subscript(key: String) -> SourceNode? {
        entries.first { $0.key.hasSameBytes(as: key) }?.value
    }

    /// The value of `key`; nil and a fault when it is not there.
    func required(_ key: String, remedy: String) -> SourceNode? {
        if let node = self[key] { return node }
        scope.report("\(what) has no \(key); \(remedy)", at: position)
        return nil
    }
}

/// Reports each key that stands in a mapping more than once: the reader would have to guess which is meant.
func reportRepeatedKeys(in entries: [SourceEntry], scope: FaultScope) {
    var seen: [String: SourcePosition] = [:]
    for entry in entries {
        if let first = seen[entry.key] {
            scope.report(
                "the key \(entry.key.quoted) stands here twice, first in line \(first.line); keep one",
                at: entry.position)
        } else {
            seen[entry.key] = entry.position
        }
    }
}
