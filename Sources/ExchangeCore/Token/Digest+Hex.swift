package import Crypto

extension SHA256Digest {
    /// Two lower-case hexadecimal digits a byte.
    package var lowercaseHex: String {
        // Not an extension of `Digest`: another module would look up the type's iterator for each byte.
        var text: [UInt8] = []
        text.reserveCapacity(2 * Self.byteCount)
        for byte in Array(self) {
            text.append(hexDigit(byte >> 4))
            text.append(hexDigit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The lower-case digit of a value below 16.
package func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
}
