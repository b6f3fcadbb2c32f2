/// An id that the caller gave to a request, for finding it in log and audit under that name as well.
struct ClientRequestID: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// Takes 1 to 64 letters, digits and `.`, `_`, `:`, `-`: every UUID, ULID and trace id. Anything else is nil and not
    /// recorded, because a caller that is wrong may send a token here, and tokens and AWS's session tokens are longer.
    init?(parsing text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(Self.isFit) else { return nil }
        description = text
    }

    private static func isFit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
