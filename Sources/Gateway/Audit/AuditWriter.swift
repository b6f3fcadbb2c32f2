import Crypto
import StrictJSON

/// Writes the members of one audit line, keeping each value short enough for the line to stay under 16 KiB.
struct AuditWriter: ~Copyable {
    private var writer: JSONWriter<[UInt8]>

    /// The longest value written in full, in bytes. Twenty of the longest still fit into a line.
    static let longestValue = 512

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
        guard text.utf8.count > Self.longestValue else { return writer.member(name, text) }
        writer.member(name, String(decoding: text.utf8.prefix(Self.longestValue), as: UTF8.self))
        writer.member(name + "_sha256", sha256Hex(text))
    }

    mutating func member(_ name: String, _ value: Int?) {
        writer.member(name, value)
    }

    /// At most ten texts: as many managed policies as AWS takes.
    mutating func member(_ name: String, _ texts: [String]) {
        writer.member(name, texts.prefix(10).map { String(decoding: $0.utf8.prefix(Self.longestValue), as: UTF8.self) })
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

/// The SHA-256 of the text's UTF-8, 64 lower-case hexadecimal digits.
func sha256Hex(_ text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).map { byte in
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }.joined()
}
