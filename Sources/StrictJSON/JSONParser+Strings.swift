/// A string of a document.
struct ParsedString {
    let text: String
    /// Whether it holds nothing beyond ASCII: such names are compared by their bytes.
    let isASCII: Bool
    let mark: NameMark
}

// Bytes that need no thought are passed over in runs: almost all bytes of a document are among them.
extension JSONParser {
    /// Reads a string whose opening quote is next.
    mutating func string() throws(JSONError) -> ParsedString {
        position += 1
        let start = position
        skipPlainBytes()
        switch try peek() {
        case UInt8(ascii: "\""):
            position += 1
            return try checked(bytes.span.extracting(start..<position - 1), from: start)
        case UInt8(ascii: "\\"): return try escapedString(from: start)
        default: throw fault(.controlCharacter)
        }
    }

    /// Continues a string at its first backslash, collecting the unescaped bytes.
    private mutating func escapedString(from start: Int) throws(JSONError) -> ParsedString {
        var collected = Array(bytes[start..<position])
        while true {
            switch try peek() {
            case UInt8(ascii: "\""):
                position += 1
                // Escapes are ASCII and do not disturb the check: the bytes as they are written show where the fault is.
                _ = try checked(bytes.span.extracting(start..<position - 1), from: start)
                return try checked(collected.span, from: start)
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &collected)
            case ..<0x20: throw fault(.controlCharacter)
            default:
                let run = position
                skipPlainBytes()
                collected.append(contentsOf: bytes[run..<position])
            }
        }
    }

    /// Moves to the next quote, backslash or control character, or to the end.
    private mutating func skipPlainBytes() {
        position = bytes.span.endOfPlainRun(from: position)
    }

    /// The text of `utf8`, whose first byte stands at `offset`.
    private func checked(_ utf8: Span<UInt8>, from offset: Int) throws(JSONError) -> ParsedString {
        do throws(UTF8.ValidationError) {
            let text = try UTF8Span(validating: utf8)
            return ParsedString(text: String(copying: text), isASCII: text.isKnownASCII, mark: NameMark(utf8))
        } catch {
            throw JSONError(reason: .invalidUTF8, offset: offset + error.byteOffsets.lowerBound)
        }
    }
}

extension Span<UInt8> {
    /// Where the bytes from `start` on end that stand for themselves within a string.
    fileprivate func endOfPlainRun(from start: Int) -> Int {
        var index = start
        while index < count {
            let byte = self[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            index += 1
        }
        return index
    }
}

// MARK: - Escapes

extension JSONParser {
    private mutating func escape(into collected: inout [UInt8]) throws(JSONError) {
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "u"): collected.append(contentsOf: try escapedScalar().utf8)
        default: throw JSONError(reason: .invalidEscape, offset: position - 1)
        }
    }

    /// Reads the digits after `\u`, and the second half when they are the first half of a surrogate pair.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let start = position
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isHigh = (0xD800..<0xDC00).contains(first)
        guard isHigh, try take(UInt8(ascii: "\\")), try take(UInt8(ascii: "u")) else {
            throw JSONError(reason: .loneSurrogate, offset: start)
        }
        let second = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw JSONError(reason: .loneSurrogate, offset: start) }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexDigit(try peek()) else { throw fault(.invalidEscape) }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
