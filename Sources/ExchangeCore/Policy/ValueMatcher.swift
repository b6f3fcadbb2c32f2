import StrictJSON

/// The values of one condition, compiled. It says whether a claim's value *matches*; a negated operator turns that round.
///
/// Texts are compared byte by byte. Swift's `==` is canonical equivalence, by which two different names can be equal.
enum ValueMatcher: Sendable, Equatable {
    case equals(Set<[UInt8]>)
    /// In lower case, ASCII only: another script's idea of case could make two names one.
    case equalsIgnoringCase(Set<[UInt8]>)
    case like([Wildcard])
    case bool(Set<Bool>)
    case numeric(Comparison.Order, [Decimal])
    case date(Comparison.Order, [Timestamp])
    /// Whether the claim is to be absent.
    case isNull(Set<Bool>)

    /// Whether any of the values matches `value`, a single one; nil when the operator cannot read it.
    func matches(_ value: JSONValue) -> Bool? {
        switch self {
        case .equals(let texts): value.string.map { texts.contains(spelling: $0) }
        case .equalsIgnoringCase(let texts): value.string.map { texts.contains($0.utf8.map(\.lowercasedASCII)) }
        case .like(let patterns): value.string.map { Self.any(of: patterns, match: Array($0.utf8)) }
        case .bool(let values): Self.boolean(value).map(values.contains)
        case .numeric(let order, let values):
            Self.number(value).map { number in values.contains { order.holds(number, $0) } }
        case .date(let order, let values):
            Self.moment(value).map { moment in values.contains { order.holds(moment, $0) } }
        case .isNull: nil
        }
    }

    private static func any(of patterns: [Wildcard], match text: [UInt8]) -> Bool {
        patterns.contains { $0.matches(text) }
    }

    /// A JSON boolean, or its text without regard to case: Vela writes `"true"`.
    private static func boolean(_ value: JSONValue) -> Bool? {
        switch value {
        case .bool(let value): value
        case .string(let text) where text.isSpelt("true"): true
        case .string(let text) where text.isSpelt("false"): false
        case .string, .number, .null, .array, .object: nil
        }
    }

    private static func number(_ value: JSONValue) -> Decimal? {
        switch value {
        case .number(let number): Decimal(number)
        case .string(let text): Decimal(parsing: text)
        case .null, .bool, .array, .object: nil
        }
    }

    private static func moment(_ value: JSONValue) -> Timestamp? {
        switch value {
        case .number(let number): Decimal(number).map { Timestamp($0) }
        case .string(let text): Timestamp(claimText: text)
        case .null, .bool, .array, .object: nil
        }
    }
}

extension UInt8 {
    /// `A` to `Z` as `a` to `z`; every other byte as it is.
    var lowercasedASCII: UInt8 { isLetter ? self | 0x20 : self }
}

extension String {
    /// Whether it is `word`, which is in lower case, without regard to the case of ASCII letters.
    fileprivate func isSpelt(_ word: String) -> Bool {
        utf8.count == word.utf8.count && zip(utf8, word.utf8).allSatisfy { $0.lowercasedASCII == $1 }
    }
}

extension Set<[UInt8]> {
    /// Whether one of them is how `text` is spelt. Most conditions have a value or two: to compare costs less than to hash.
    fileprivate func contains(spelling text: String) -> Bool {
        if count > 4 { return contains(Array(text.utf8)) }
        let text = text.utf8.span
        for known in self where known.span.hasSameBytes(as: text) { return true }
        return false
    }
}
