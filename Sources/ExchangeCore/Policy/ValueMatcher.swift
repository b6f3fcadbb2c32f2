import StrictJSON

/// The values of one condition, compiled: it meets a claim's value when any of them does.
///
/// Texts are compared byte by byte. Swift's `==` is canonical equivalence, by which two different names can be equal.
enum ValueMatcher: Sendable, Equatable {
    case equals(Set<[UInt8]>)
    case like([Wildcard])
    case bool(Set<Bool>)

    /// `value` is a single one; an array has been taken apart before.
    func verdict(_ value: JSONValue) -> Verdict {
        switch self {
        case .equals(let texts): Self.verdict(value.string.map { texts.contains(Array($0.utf8)) })
        case .like(let patterns): Self.verdict(value.string.map { Self.any(of: patterns, match: Array($0.utf8)) })
        case .bool(let values): Self.verdict(Self.boolean(value).map(values.contains))
        }
    }

    /// It is met by whatever a token may say: the condition on it constrains nothing.
    var constrainsNothing: Bool {
        switch self {
        case .equals: false
        case .like(let patterns): patterns.contains(where: \.matchesAlmostAnything)
        case .bool(let values): values.count == 2
        }
    }

    private static func verdict(_ isMet: Bool?) -> Verdict {
        isMet.map { $0 ? .met : .notMet } ?? .doubtful
    }

    private static func any(of patterns: [Wildcard], match text: [UInt8]) -> Bool {
        patterns.contains { $0.matches(text) }
    }

    /// A JSON boolean, or its text: Vela writes `"true"`.
    private static func boolean(_ value: JSONValue) -> Bool? {
        if let value = value.bool { return value }
        guard let text = value.string else { return nil }
        if text.hasSameBytes(as: "true") { return true }
        return text.hasSameBytes(as: "false") ? false : nil
    }
}
