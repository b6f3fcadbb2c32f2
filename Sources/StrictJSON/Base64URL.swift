/// base64url without padding, RFC 4648 section 5 as JWS uses it: one spelling for each byte string.
package enum Base64URL {
    /// Decodes `text`. Nil for a foreign character, padding, an impossible length, or stray bits in the last character.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        // Copied, so that the loop runs over an array also where the compiler does not specialise for the caller's type.
        decode(Array(text))
    }

    private static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        let (text, values) = (text.span, values.span)
        var index = 0
        // Four characters are three bytes. A value that is none has bits that no value has.
        while index + 4 <= text.count {
            let (a, b) = (UInt32(values[Int(text[index])]), UInt32(values[Int(text[index + 1])]))
            let (c, d) = (UInt32(values[Int(text[index + 2])]), UInt32(values[Int(text[index + 3])]))
            guard a | b | c | d < 64 else { return nil }
            let group = a << 18 | b << 12 | c << 6 | d
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            bytes.append(UInt8(truncatingIfNeeded: group >> 8))
            bytes.append(UInt8(truncatingIfNeeded: group))
            index += 4
        }
        return decodeRest(text.extracting(index...), after: &bytes) ? bytes : nil
    }

    /// The last two or three characters, whose unused bits must be zero; false where they are not, or are none of ours.
    private static func decodeRest(_ rest: Span<UInt8>, after bytes: inout [UInt8]) -> Bool {
        var accumulator: UInt32 = 0
        for index in rest.indices {
            let value = values[Int(rest[index])]
            guard value < 64 else { return false }
            accumulator = accumulator << 6 | UInt32(value)
        }
        switch rest.count {
        case 2:
            bytes.append(UInt8(truncatingIfNeeded: accumulator >> 4))
            return accumulator & 0xF == 0
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: accumulator >> 10))
            bytes.append(UInt8(truncatingIfNeeded: accumulator >> 2))
            return accumulator & 0x3 == 0
        default: return true
        }
    }

    /// Encodes `bytes`.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        encode(bytes.span, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends what `bytes` are as text to `sink`: an array, or a buffer that is wiped.
    package static func encode(_ bytes: Span<UInt8>, into sink: inout some ByteSink & ~Copyable) {
        var accumulator: UInt32 = 0
        var bits = 0
        let alphabet = alphabet.span
        for index in bytes.indices {
            accumulator = accumulator << 8 | UInt32(bytes[index])
            bits += 8
            while bits >= 6 {
                bits -= 6
                sink.append(alphabet[Int(accumulator >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { sink.append(alphabet[Int(accumulator << UInt32(6 - bits) & 63)]) }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
