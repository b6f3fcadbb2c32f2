import Secrets
import StrictJSON

/// Reads the XML that STS answers with, and nothing beyond: elements, attributes, text, the five predefined entities
/// and character references.
///
/// A document type, CDATA, comments, processing instructions and undeclared entities are refused: STS sends none, and
/// what cannot be read cannot be abused. It works in place on a secret's bytes, handed to each call, and copies values
/// into secrets only.
struct XMLReader {
    /// What comes next in a document.
    enum Event: Equatable {
        /// `name` is the place of the element's name, which is ASCII.
        case open(name: Range<Int>, isEmpty: Bool)
        case close(name: Range<Int>)
        /// The text between two tags: its place, to be decoded by whoever wants it.
        case text(Range<Int>)
        case end
    }

    private var position = 0

    /// The longest name. STS's longest has 33 letters.
    private static let longestName = 64

    /// The next part of `document`, which must be the same at each call.
    mutating func next(in document: Span<UInt8>) throws(STSAnswerError) -> Event {
        if position == 0 { try skipDeclaration(in: document) }
        guard position < document.count else { return .end }
        guard document[position] == UInt8(ascii: "<") else { return .text(takeText(in: document)) }
        position += 1
        guard peek(document) == UInt8(ascii: "/") else { return try takeOpening(in: document) }
        position += 1
        let name = try takeName(in: document)
        skipBlanks(in: document)
        try expect(">", in: document)
        return .close(name: name)
    }

    /// `<?xml ...?>`, at the very start only. The encoding is not looked at: what we read of it is ASCII.
    private mutating func skipDeclaration(in document: Span<UInt8>) throws(STSAnswerError) {
        guard document.hasBytes("<?xml ", at: 0) else { return }
        position = 6
        while !document.hasBytes("?>", at: position) {
            guard let byte = peek(document), byte != UInt8(ascii: "<") else { throw .malformed("declaration") }
            position += 1
        }
        position += 2
    }

    private mutating func takeText(in document: Span<UInt8>) -> Range<Int> {
        let start = position
        var end = start
        while end < document.count, document[end] != UInt8(ascii: "<") { end += 1 }
        position = end
        return start..<end
    }

    private mutating func takeOpening(in document: Span<UInt8>) throws(STSAnswerError) -> Event {
        let name = try takeName(in: document)
        while true {
            let hadBlank = skipBlanks(in: document)
            switch peek(document) {
            case UInt8(ascii: ">"):
                position += 1
                return .open(name: name, isEmpty: false)
            case UInt8(ascii: "/"):
                position += 1
                try expect(">", in: document)
                return .open(name: name, isEmpty: true)
            default:
                guard hadBlank else { throw .malformed("tag") }
                try skipAttribute(in: document)
            }
        }
    }

    private mutating func skipAttribute(in document: Span<UInt8>) throws(STSAnswerError) {
        _ = try takeName(in: document)
        skipBlanks(in: document)
        try expect("=", in: document)
        skipBlanks(in: document)
        guard let quote = peek(document), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw .malformed("attribute")
        }
        position += 1
        while let byte = peek(document), byte != quote {
            guard byte != UInt8(ascii: "<") else { throw .malformed("attribute") }
            position += 1
        }
        guard position < document.count else { throw .truncated }
        position += 1
    }

    private mutating func takeName(in document: Span<UInt8>) throws(STSAnswerError) -> Range<Int> {
        let start = position
        var end = start
        while end < document.count, document[end].isNameByte { end += 1 }
        guard end - start <= Self.longestName else { throw .malformed("name") }
        guard end < document.count else { throw .truncated }
        guard end > start, document[start].isNameStart else { throw .malformed("markup that STS does not send") }
        position = end
        return start..<end
    }

    @discardableResult
    private mutating func skipBlanks(in document: Span<UInt8>) -> Bool {
        let start = position
        while let byte = peek(document), byte.isXMLBlank { position += 1 }
        return position > start
    }

    private mutating func expect(_ character: Unicode.Scalar, in document: Span<UInt8>) throws(STSAnswerError) {
        guard let byte = peek(document) else { throw .truncated }
        guard byte == UInt8(ascii: character) else { throw .malformed("tag") }
        position += 1
    }

    private func peek(_ document: Span<UInt8>) -> UInt8? {
        position < document.count ? document[position] : nil
    }
}

extension Span<UInt8> {
    fileprivate func hasBytes(_ text: String, at offset: Int) -> Bool {
        let end = offset + text.utf8.count
        return end <= count && extracting(offset..<end).hasSameBytes(as: text.utf8.span)
    }
}

extension UInt8 {
    /// Space, tab, line feed, carriage return: XML's blanks.
    var isXMLBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }

    fileprivate var isNameStart: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
    }

    /// The ASCII letters of an XML name, colon included: a prefixed name is a name that we do not know.
    fileprivate var isNameByte: Bool {
        isNameStart || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "-")
            || self == UInt8(ascii: ".") || self == UInt8(ascii: ":")
    }
}
