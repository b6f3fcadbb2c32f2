/// The id of one request, ours alone: 128 random bits as 32 lower-case hexadecimal digits.
struct RequestID: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// A fresh id.
    init() {
        var generator = SystemRandomNumberGenerator()
        description = [generator.next(), generator.next()].map(\.paddedHex).joined()
    }
}

extension UInt64 {
    fileprivate var paddedHex: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
