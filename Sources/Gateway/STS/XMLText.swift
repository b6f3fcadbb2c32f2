import Secrets

/// Turns the text of an element into the bytes it stands for.
enum XMLText {
    /// Decodes `range` of `document` into a secret.
    static func decode(_ range: Range<Int>, of document: Span<UInt8>) throws(STSAnswerError) -> Secret {
        let text = document.extracting(range)
        // Nearly always the text is what it stands for.
        if text.isPlain { return Secret(text) }
        var value = SecretBuilder(capacity: range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = document[position]
            if byte == UInt8(ascii: "&") {
                let scalar = try takeReference(in: document, at: &position, before: range.upperBound)
                for unit in Character(scalar).utf8 { value.append(unit) }
            } else {
                guard byte >= 0x20 || byte.isXMLBlank else { throw .malformed("control character") }
                value.append(byte)
                position += 1
            }
        }
        return value.finish()
    }

    /// Says what would keep `decode` from reading `range` of `document`.
    static func check(_ range: Range<Int>, of document: Span<UInt8>) throws(STSAnswerError) {
        if !document.extracting(range).isPlain { _ = try decode(range, of: document) }
    }

    /// Reads `&name;`, `&#10;` or `&#xA;`, and steps behind it.
    private static func takeReference(
        in document: Span<UInt8>, at position: inout Int, before end: Int
    ) throws(STSAnswerError) -> Unicode.Scalar {
        var name: [UInt8] = []
        position += 1
        while position < end, document[position] != UInt8(ascii: ";"), name.count < longestReference {
            name.append(document[position])
            position += 1
        }
        guard position < end, document[position] == UInt8(ascii: ";") else { throw .malformed("reference") }
        position += 1
        return try scalar(of: String(decoding: name, as: UTF8.self))
    }

    private static func scalar(of reference: String) throws(STSAnswerError) -> Unicode.Scalar {
        switch reference {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard reference.hasPrefix("#") else { throw .malformed("entity") }
        let isHexadecimal = reference.hasPrefix("#x")
        let digits = reference.dropFirst(isHexadecimal ? 2 : 1)
        guard digits.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) == true,
            let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(value),
            value >= 0x20 || value == 0x09 || value == 0x0A || value == 0x0D
        else { throw .malformed("character reference") }
        return scalar
    }

    /// `#x10FFFF` has eight characters; leading zeros have no use.
    private static let longestReference = 10
}

extension Span<UInt8> {
    /// Whether every byte stands for itself. It looks at all of them and takes no branch, because so the compiler makes it sixteen
    /// bytes at a time.
    fileprivate var isPlain: Bool {
        var found: UInt8 = 0
        for index in indices { found |= (self[index] < 0x20 ? 1 : 0) | (self[index] == UInt8(ascii: "&") ? 1 : 0) }
        return found == 0
    }
}
