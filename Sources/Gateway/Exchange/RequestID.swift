import ExchangeCore

/// The id of one request, ours alone: 128 random bits as 32 lower-case hexadecimal digits.
struct RequestID: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// A fresh id.
    init() {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for word in [RandomWords.next(), RandomWords.next()] {
            for shift in stride(from: 60, through: 0, by: -4) {
                digits.append(hexDigit(UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15))
            }
        }
        description = String(decoding: digits, as: UTF8.self)
    }
}
