/// Writes one compact JSON document into a sink, member by member, with nothing in between.
///
/// The caller opens and closes what it nests; the writer sets the commas.
package struct JSONWriter<Sink: ByteSink & ~Copyable>: ~Copyable {
    private var sink: Sink
    private var needsComma = false

    /// Writes into `sink`, after what it already holds.
    package init(into sink: consuming Sink) {
        self.sink = sink
    }

    /// Ends the document and gives the sink back.
    package consuming func finish() -> Sink { sink }

    package mutating func beginObject() { open("{") }
    package mutating func endObject() { close("}") }
    package mutating func beginArray() { open("[") }
    package mutating func endArray() { close("]") }

    /// Writes a member's name; its value must follow.
    package mutating func name(_ name: String) {
        string(name)
        sink.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        string(utf8: text.utf8.span)
    }

    /// Writes bytes, such as a secret's, as a string. They must be UTF-8; nothing checks it here.
    package mutating func string(utf8 bytes: Span<UInt8>) {
        separate()
        sink.append(UInt8(ascii: "\""))
        sink.append(jsonEscaping: bytes)
        sink.append(UInt8(ascii: "\""))
        needsComma = true
    }

    package mutating func integer(_ value: some BinaryInteger) { word(String(value)) }
    package mutating func bool(_ value: Bool) { word(value ? "true" : "false") }
    package mutating func null() { word("null") }

    /// Writes a whole tree.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let number): word(number.literal)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                name(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    private mutating func word(_ text: String) {
        separate()
        sink.append(utf8: text)
        needsComma = true
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        sink.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        sink.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { sink.append(UInt8(ascii: ",")) }
    }
}

extension JSONWriter where Sink: ~Copyable {
    /// Writes the member `name` with a string; nothing when the text is nil.
    package mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        self.name(name)
        string(text)
    }

    /// Writes the member `name` with an integer; nothing when it is nil.
    package mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        self.name(name)
        integer(value)
    }

    /// Writes the member `name` with a boolean; nothing when it is nil.
    package mutating func member(_ name: String, _ value: Bool?) {
        guard let value else { return }
        self.name(name)
        bool(value)
    }

    /// Writes the member `name` with an array of strings.
    package mutating func member(_ name: String, _ texts: [String]) {
        self.name(name)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }
}

extension JSONValue {
    /// The compact document of this tree.
    package var bytes: [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.value(self)
        return writer.finish()
    }
}

extension ByteSink where Self: ~Copyable {
    /// Appends a string's UTF-8, escaped where RFC 8259 section 7 demands it, and DEL for the sake of terminals.
    fileprivate mutating func append(jsonEscaping bytes: Span<UInt8>) {
        // Nearly every string: to look first and then to copy all of it costs less than to look for where runs end.
        if !bytes.needsEscapes { return append(bytes) }
        var start = 0
        for index in bytes.indices where bytes[index].escapeMark != 0 {
            append(bytes.extracting(start..<index))
            appendEscape(of: bytes[index])
            start = index + 1
        }
        append(bytes.extracting(start..<bytes.count))
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        default:
            append(utf8: byte < 0x10 ? "u000" : "u00")
            append(utf8: String(byte, radix: 16))
        }
    }
}

extension Span<UInt8> {
    /// Whether any byte needs an escape. It looks at all of them and takes no branch, because so the compiler makes it sixteen
    /// bytes at a time.
    fileprivate var needsEscapes: Bool {
        var found: UInt8 = 0
        for index in indices { found |= self[index].escapeMark }
        return found != 0
    }
}

extension UInt8 {
    /// 1 for a byte that needs an escape, else 0.
    fileprivate var escapeMark: UInt8 {
        let marks = (self < 0x20, self == UInt8(ascii: "\""), self == UInt8(ascii: "\\"), self == 0x7F)
        return (marks.0 ? 1 : 0) | (marks.1 ? 1 : 0) | (marks.2 ? 1 : 0) | (marks.3 ? 1 : 0)
    }
}
