/// The pairs of a query or of an `application/x-www-form-urlencoded` body, in order.
struct FormParameters: Sendable {
    private var pairs: [Pair] = []

    private struct Pair: Sendable {
        let name: String
        let value: String
    }

    /// Reads `a=1&b=2`. Nil for a bad escape or bytes that are not UTF-8; `+` and `%20` are both spaces.
    init?(parsing bytes: some Collection<UInt8>) {
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            guard let name = Self.decode(name), let value = Self.decode(part.dropFirst(name.rawCount + 1)) else {
                return nil
            }
            pairs.append(Pair(name: name.text, value: value.text))
        }
    }

    /// The first value of `name`.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// All values of `name`, in order.
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    private struct Decoded {
        let text: String
        let rawCount: Int
    }

    private static func decode(_ raw: some Collection<UInt8>) -> Decoded? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index != raw.endIndex {
            var byte = raw[index]
            if byte == UInt8(ascii: "%") {
                guard let high = digit(in: raw, after: &index), let low = digit(in: raw, after: &index) else {
                    return nil
                }
                byte = high << 4 | low
            } else if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            }
            bytes.append(byte)
            raw.formIndex(after: &index)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return Decoded(text: text, rawCount: raw.count)
    }

    /// Moves to the next byte and reads it as a hexadecimal digit.
    private static func digit<Raw: Collection<UInt8>>(in raw: Raw, after index: inout Raw.Index) -> UInt8? {
        raw.formIndex(after: &index)
        guard index != raw.endIndex else { return nil }
        switch raw[index] {
        case let byte where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
        case let byte where byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"):
            return (byte | 0x20) - UInt8(ascii: "a") + 10
        default: return nil
        }
    }
}
