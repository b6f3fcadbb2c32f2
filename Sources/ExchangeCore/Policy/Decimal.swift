import StrictJSON

/// A decimal number, exact: at most 18 digits before the point and 9 after it. Nothing is ever rounded.
struct Decimal: Sendable, Hashable, Comparable {
    /// The number in billionths; below 10^27, so that 128 bits hold it.
    let billionths: Int128

    private init(billionths: Int128) { self.billionths = billionths }

    /// Reads `-?[0-9]{1,18}(\.[0-9]{1,9})?`, the form in which policies and claims that are texts write numbers.
    init?(parsing text: String) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let parts = text.utf8.dropFirst(isNegative ? 1 : 0)
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...18).contains(whole.count), whole.allSatisfy(\.isDigit) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : whole.prefix(0)
        guard parts.count == 1 || ((1...9).contains(fraction.count) && fraction.allSatisfy(\.isDigit)) else {
            return nil
        }
        self.init(digits: Array(whole) + Array(fraction), exponent: -fraction.count, isNegative: isNegative)
    }

    /// Reads a JSON number in any form, `1e3` included; nil for one that is larger or finer than this type holds.
    init?(_ number: JSONNumber) {
        let literal = Array(number.literal.utf8)
        let isNegative = literal.first == UInt8(ascii: "-")
        let mantissa = literal.dropFirst(isNegative ? 1 : 0).prefix { $0 | 0x20 != UInt8(ascii: "e") }
        let power = literal.dropFirst((isNegative ? 1 : 0) + mantissa.count + 1)
        let point = mantissa.firstIndex(of: UInt8(ascii: "."))
        let fraction = point.map { mantissa.endIndex - $0 - 1 } ?? 0
        // The parser has checked the literal, so this fails only where the exponent itself is out of bounds.
        guard let exponent = power.isEmpty ? 0 : Int(String(decoding: power, as: UTF8.self)), abs(exponent) < 10_000
        else { return nil }
        let digits = mantissa.filter { $0 != UInt8(ascii: ".") }
        self.init(digits: digits, exponent: exponent - fraction, isNegative: isNegative)
    }

    /// The digits, shifted by `exponent` places. Nil when that leaves the bounds.
    private init?(digits: [UInt8], exponent: Int, isNegative: Bool) {
        var digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
        let shift = exponent + 9
        let surplus = digits.suffix(max(0, -shift))
        guard surplus.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
        digits.removeLast(surplus.count)
        guard digits.isEmpty || digits.count + max(0, shift) <= 27 else { return nil }
        let value = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - UInt8(ascii: "0")) }
        let scaled = digits.isEmpty ? 0 : (0..<max(0, shift)).reduce(value) { total, _ in total * 10 }
        self.init(billionths: isNegative ? -scaled : scaled)
    }

    static func < (left: Decimal, right: Decimal) -> Bool { left.billionths < right.billionths }
}

extension Timestamp {
    /// Seconds since 1970.
    init(_ decimal: Decimal) {
        let (seconds, rest) = decimal.billionths.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.init(seconds: Int64(seconds), nanoseconds: Int32(rest))
    }

    /// Reads what a Date condition may hold: RFC 3339, a day alone (its first moment in UTC), or seconds since 1970.
    init?(policyText text: String) {
        if let moment = Timestamp(claimText: text) {
            self = moment
        } else if let decimal = Decimal(parsing: text) {
            self.init(decimal)
        } else {
            return nil
        }
    }

    /// Reads what a claim that is a text may hold: RFC 3339, or a day alone.
    init?(claimText text: String) {
        guard let moment = Timestamp(parsing: text) ?? Timestamp(parsing: text + "T00:00:00Z") else { return nil }
        self = moment
    }
}
