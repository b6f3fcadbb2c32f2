// Strings and numbers, the two scalars with a grammar of their own.
extension JSONParser {
    /// Reads a string whose opening quote is next.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while true {
            switch try peek() {
            case UInt8(ascii: "\""):
                let text = try utf8(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case ..<0x20: throw fault(.controlCharacter)
            default: position += 1
            }
        }
    }

    /// Continues a string at its first backslash, collecting the unescaped bytes.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var collected = Array(bytes[start..<position])
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: collected, as: UTF8.self) else { throw fault(.invalidUTF8) }
                return text
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &collected)
            case ..<0x20: throw fault(.controlCharacter)
            default:
                collected.append(byte)
                position += 1
            }
        }
    }

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
        case UInt8(ascii: "u"): collected.append(contentsOf: String(Character(try escapedScalar())).utf8)
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
            let byte = try peek()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fault(.invalidEscape)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// Reads a number: `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        guard let first = digit() else {
            if position > start { throw fault(.invalidNumber) }
            throw unexpected()
        }
        if first == UInt8(ascii: "0") {
            guard digit() == nil else { throw fault(.invalidNumber) }
        } else {
            skipDigits()
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try requireDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try requireDigits()
        }
        return JSONNumber(checked: try utf8(start..<position))
    }

    /// Steps over a digit when one is next.
    private mutating func digit() -> UInt8? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func skipDigits() {
        while digit() != nil {}
    }

    private mutating func requireDigits() throws(JSONError) {
        guard digit() != nil else { throw fault(.invalidNumber) }
        skipDigits()
    }

    private func utf8(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw JSONError(reason: .invalidUTF8, offset: range.lowerBound)
        }
        return text
    }
}

extension [UInt8] {
    /// Copies the bytes of `span`. The copy is not wiped.
    package init(_ span: Span<UInt8>) {
        self.init()
        reserveCapacity(span.count)
        for index in span.indices { append(span[index]) }
    }
}
