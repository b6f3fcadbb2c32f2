/// base64url without padding, RFC 4648 section 5 as JWS uses it: one spelling for each byte string.
package enum Base64URL {
    /// Decodes `text`. Nil for a foreign character, padding, an impossible length, or stray bits in the last character.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: text.count * 3 / 4)
        return decode(text, into: bytes.mutableSpan) ? bytes : nil
    }

    /// Decodes a copy of `text`.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(Array(text).span) }

    private static func decode(_ text: Span<UInt8>, into bytes: consuming MutableSpan<UInt8>) -> Bool {
        // With its length said, the compiler knows that every byte is an index.
        let values = values.span.extracting(..<256)
        var (read, written) = (0, 0)
        // Four characters are three bytes. A value that is none has bits that no value has.
        while text.count - read >= 4 {
            let four = text.extracting(read..<read + 4)
            let (a, b) = (UInt32(values[Int(four[0])]), UInt32(values[Int(four[1])]))
            let (c, d) = (UInt32(values[Int(four[2])]), UInt32(values[Int(four[3])]))
            guard a | b | c | d < 64 else { return false }
            let group = a << 18 | b << 12 | c << 6 | d
            bytes[written] = UInt8(truncatingIfNeeded: group >> 16)
            bytes[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
            bytes[written + 2] = UInt8(truncatingIfNeeded: group)
            (read, written) = (read + 4, written + 3)
        }
        return decodeRest(text.extracting(read...), into: &bytes, at: written)
    }

    /// The last two or three characters, whose unused bits must be zero; false where they are not, or are none of ours.
    private static func decodeRest(
        _ rest: Span<UInt8>, into bytes: inout MutableSpan<UInt8>, at start: Int
    ) -> Bool {
        var accumulator: UInt32 = 0
        for index in rest.indices {
            let value = values[Int(rest[index])]
            guard value < 64 else { return false }
            accumulator = accumulator << 6 | UInt32(value)
        }
        switch rest.count {
        case 2:
            bytes[start] = UInt8(truncatingIfNeeded: accumulator >> 4)
            return accumulator & 0xF == 0
        case 3:
            bytes[start] = UInt8(truncatingIfNeeded: accumulator >> 10)
            bytes[start + 1] = UInt8(truncatingIfNeeded: accumulator >> 2)
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

    /// Appends what `bytes` are as text: three of them are four characters.
    package static func encode(_ bytes: Span<UInt8>, into text: inout [UInt8]) {
        let alphabet = alphabet.span.extracting(..<64)
        var read = 0
        while bytes.count - read >= 3 {
            let three = bytes.extracting(read..<read + 3)
            let group = Int(three[0]) << 16 | Int(three[1]) << 8 | Int(three[2])
            text.append(alphabet[group >> 18])
            text.append(alphabet[group >> 12 & 63])
            text.append(alphabet[group >> 6 & 63])
            text.append(alphabet[group & 63])
            read += 3
        }
        encodeRest(bytes.extracting(read...), into: &text)
    }

    /// The same into a buffer that is wiped.
    package static func encode(_ bytes: Span<UInt8>, into sink: inout some ByteSink & ~Copyable) {
        encodeRest(bytes, into: &sink)
    }

    private static func encodeRest(_ bytes: Span<UInt8>, into sink: inout some ByteSink & ~Copyable) {
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

    /// By character; 255 for one that is none of the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
