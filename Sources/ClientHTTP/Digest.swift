import COpenSSL

/// A SHA-256 for names of files; the client makes no other use of cryptography than TLS.
package enum Digest {
    /// The SHA-256 of `bytes`, 64 hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        // SHA256 reads the array's bytes and writes 32 into an array of 32; it cannot fail.
        _ = unsafe SHA256(bytes, bytes.count, &digest)
        return digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
