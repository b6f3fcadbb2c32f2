/// Base32 of RFC 4648 section 6 in lower case, without padding.
enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".unicodeScalars)

    /// The bytes, most significant bit first; a last group of fewer than five bits is filled with zeros.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 & 0xFFFF | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.unicodeScalars.append(alphabet[Int(pending >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { text.unicodeScalars.append(alphabet[Int(pending << UInt32(5 - bits) & 31)]) }
        return text
    }
}
