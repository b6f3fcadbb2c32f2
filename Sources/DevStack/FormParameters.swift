/// The pairs of a query or of an `application/x-www-form-urlencoded` body, in order.
struct FormParameters: Sendable {
    private var pairs: [Pair] = []

    private struct Pair: Sendable {
        let name: String
        let value: String
    }

    /// Reads `a=1&b=2`. Nil for a bad escape or bytes that are not UTF-8; `+` and `%20` are both spaces.
    init?(parsing bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
            let equals = bytes[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
            guard let name = Self.decode(bytes[start..<equals]),
                let value = Self.decode(bytes[min(equals + 1, end)..<end])
            else { return nil }
            if end > start { pairs.append(Pair(name: name, value: value)) }
            start = end + 1
        }
    }

    /// The first value of `name`.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// All values of `name`, in order.
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    private static func decode(_ raw: ArraySlice<UInt8>) -> String? {
        // A token, the longest value by far, holds no escape.
        let isPlain = raw.allSatisfy { $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "+") }
        return isPlain ? String(validating: raw, as: UTF8.self) : unescape(raw)
    }

    private static func unescape(_ raw: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            switch raw[index] {
            case UInt8(ascii: "%"):
                guard index + 2 < raw.endIndex, let high = digit(raw[index + 1]), let low = digit(raw[index + 2]) else {
                    return nil
                }
                bytes.append(high << 4 | low)
                index += 3
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
                index += 1
            case let byte:
                bytes.append(byte)
                index += 1
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The value of a hexadecimal digit.
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
