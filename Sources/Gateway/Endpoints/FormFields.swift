import ExchangeCore
import Secrets
import StrictJSON

/// Names and values in `application/x-www-form-urlencoded`, of a body or a query, read strictly: what could be read in two
/// ways is refused. `+` and `%20` are both a space. Values are secrets until somebody asks for their text.
struct FormFields: Sendable {
    private var fields: [(name: String, value: Secret)] = []

    /// More than any caller sends: five parameters and ten ARNs.
    private static let mostFields = 32
    /// The longest name that we know has 24 bytes.
    private static let longestName = 64

    /// Reads all of `form`. No bytes are no fields.
    init(parsing form: Span<UInt8>) throws(Refusal) {
        guard !form.isEmpty else { return }
        var start = 0
        while start <= form.count {
            let end = form.firstIndex(of: UInt8(ascii: "&"), from: start) ?? form.count
            try add(form.extracting(start..<end))
            start = end + 1
        }
    }

    /// The value called `name`; nil when there is none.
    subscript(name: String) -> Secret? { fields.first { $0.name == name }?.value }

    /// The names in the order in which they came.
    var names: [String] { fields.map(\.name) }

    private mutating func add(_ pair: Span<UInt8>) throws(Refusal) {
        guard let equals = pair.firstIndex(of: UInt8(ascii: "="), from: 0), equals > 0 else {
            throw .invalidRequest("each parameter must be a name, '=' and a value")
        }
        let decodedName = try Self.decode(pair.extracting(..<equals))
        guard decodedName.count <= Self.longestName, let name = decodedName.validText else {
            throw .invalidRequest("a parameter has a name that is too long or not UTF-8")
        }
        guard self[name] == nil else { throw .invalidRequest("the parameter \(name.shownAsParameter) stands twice") }
        guard fields.count < Self.mostFields else {
            throw .invalidRequest("there are more than \(Self.mostFields) parameters")
        }
        fields.append((name, try Self.decode(pair.extracting((equals + 1)...))))
    }

    private static func decode(_ encoded: Span<UInt8>) throws(Refusal) -> Secret {
        var decoded = SecretBuilder(capacity: encoded.count)
        var index = 0
        while index < encoded.count {
            switch encoded[index] {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < encoded.count, let high = encoded[index + 1].hexValue,
                    let low = encoded[index + 2].hexValue
                else {
                    throw .invalidRequest("a '%' must be followed by two hexadecimal digits")
                }
                decoded.append(high << 4 | low)
                index += 2
            case let byte where (0x21...0x7E).contains(byte): decoded.append(byte)
            default: throw .invalidRequest("a byte that must be percent-encoded stands as it is")
            }
            index += 1
        }
        return decoded.finish()
    }
}

extension Secret {
    /// The bytes as text, for what is no secret though it came in one; nil when they are not UTF-8.
    var validText: String? {
        withBytes { String(validating: [UInt8]($0), as: UTF8.self) }
    }
}

extension String {
    /// The name of a parameter as a caller may see it again. One with other bytes, or a long one, may be a token.
    var shownAsParameter: String {
        let isPlain = utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        return isPlain && utf8.count <= 32 ? "'\(self)'" : "with a name of \(utf8.count) bytes"
    }
}

extension Span<UInt8> {
    fileprivate func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
