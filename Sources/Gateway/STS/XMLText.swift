import Secrets

/// Turns the text of an element into the bytes it stands for.
enum XMLText {
    /// Decodes `range` of `document` into a secret.
    static func decode(_ range: Range<Int>, of document: Span<UInt8>) throws(STSAnswerError) -> Secret {
        var value = SecretBuilder(capacity: range.count)
        var position = range.lowerBound
        // Where the run of bytes began that stand for themselves: nearly always that is the whole text.
        var start = position
        while position < range.upperBound {
            let byte = document[position]
            if byte == UInt8(ascii: "&") {
                value.append(document.extracting(start..<position))
                let scalar = try takeReference(in: document, at: &position, before: range.upperBound)
                for unit in Character(scalar).utf8 { value.append(unit) }
                start = position
            } else {
                guard byte >= 0x20 || byte.isXMLBlank else { throw .malformed("control character") }
                position += 1
            }
        }
        value.append(document.extracting(start..<position))
        return value.finish()
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
