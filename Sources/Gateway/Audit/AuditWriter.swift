import Crypto
import ExchangeCore
import StrictJSON

/// Writes the members of one audit line, keeping each value short enough for the line to stay under 16 KiB.
struct AuditWriter: ~Copyable {
    private var writer: JSONWriter<[UInt8]>

    /// The longest value written in full, in bytes of JSON: a control character takes six of them. Twenty of the longest
    /// still fit into a line.
    static let longestValue = 512

    /// Room for what is said of tags, in bytes of JSON.
    private static let largestObject = 2048

    /// Begins a line whose record was made at `moment`.
    init(at moment: Timestamp) {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(1536)
        writer = JSONWriter(into: buffer)
        writer.beginObject()
        writer.member("v", 1)
        writer.member("time", moment.rfc3339Milliseconds)
    }

    /// Writes a text; a long one is cut, and its SHA-256 written beside it.
    mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        guard let front = Self.front(of: text) else { return writer.member(name, text) }
        writer.member(name, front)
        writer.member(name + "_sha256", sha256Hex(text))
    }

    mutating func member(_ name: String, _ value: Int?) {
        writer.member(name, value)
    }

    /// At most ten texts: as many managed policies as AWS takes. When any is cut or left out, the SHA-256 of all of them, a
    /// line feed between two, stands beside.
    mutating func member(_ name: String, _ texts: [String]) {
        let shown = texts.prefix(10).map { Self.front(of: $0) ?? $0 }
        writer.member(name, shown)
        if shown != texts { writer.member(name + "_sha256", sha256Hex(texts.joined(separator: "\n"))) }
    }

    /// An object of texts, in their order. Those that do not fit into 2 KiB together are left out; then the SHA-256 of all of them, a
    /// line feed between two names and texts, stands beside.
    mutating func object(_ name: String, _ texts: [(name: String, text: String)]) {
        var room = Self.largestObject
        let shown = texts.prefix { entry in
            // Two pairs of quotes, a colon and a comma.
            room -= entry.name.lengthInJSON + entry.text.lengthInJSON + 6
            return room >= 0
        }
        writer.name(name)
        writer.beginObject()
        for entry in shown { writer.member(entry.name, entry.text) }
        writer.endObject()
        guard shown.count < texts.count else { return }
        writer.member(name + "_sha256", sha256Hex(texts.flatMap { [$0.name, $0.text] }.joined(separator: "\n")))
    }

    /// The front of a text that is too long, cut between two characters; nil for one that fits.
    private static func front(of text: String) -> String? {
        // At six bytes of JSON for one at most: nearly every value ends here.
        if text.utf8.count <= longestValue / 6 { return nil }
        var length = 0
        for index in text.unicodeScalars.indices {
            length += text.unicodeScalars[index].lengthInJSON
            if length > longestValue { return String(text.unicodeScalars[..<index]) }
        }
        return nil
    }

    /// The line so far, its last brace left out.
    consuming func finish() -> AuditBody {
        AuditBody(openObject: writer.finish())
    }
}

/// An audit line's members, ready for the log to add the replica, the sequence number and the end.
struct AuditBody: Sendable {
    /// A JSON object without its closing brace.
    let openObject: [UInt8]
}

extension Unicode.Scalar {
    /// The most bytes that it takes in a JSON string.
    fileprivate var lengthInJSON: Int {
        switch self {
        case "\"", "\\": 2
        case "\0"..<" ", "\u{7F}": 6
        default: UTF8.width(self)
        }
    }
}

extension String {
    fileprivate var lengthInJSON: Int { unicodeScalars.reduce(0) { $0 + $1.lengthInJSON } }
}

/// The SHA-256 of the text's UTF-8, 64 lower-case hexadecimal digits.
func sha256Hex(_ text: String) -> String { SHA256.hash(data: Array(text.utf8)).lowercaseHex }
