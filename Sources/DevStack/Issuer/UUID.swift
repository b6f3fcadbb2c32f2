import StrictJSON

/// The two kinds of UUID that Vela and AWS write, as lower-case text (RFC 9562).
enum UUIDText {
    /// Version 7, which begins with the time: Vela's key ids and `jti`.
    static func version7(at moment: Timestamp = .now) -> String {
        let milliseconds = UInt64(moment.seconds) * 1000 + UInt64(moment.nanoseconds) / 1_000_000
        return text(high: milliseconds << 16 | UInt64.random(in: 0...0xFFFF), low: .random(in: 0...(.max)), version: 7)
    }

    /// Version 4, which is random: AWS's request ids.
    static func version4() -> String {
        text(high: .random(in: 0...(.max)), low: .random(in: 0...(.max)), version: 4)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func text(high: UInt64, low: UInt64, version: UInt64) -> String {
        let halves = [high & ~0xF000 | version << 12, low & (.max >> 2) | 1 << 63]
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for half in halves {
            for shift in stride(from: 60, through: 0, by: -4) {
                text.append(digits[Int(half >> UInt64(shift) & 15)])
                switch text.count {
                case 8, 13, 18, 23: text.append(UInt8(ascii: "-"))
                default: break
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
