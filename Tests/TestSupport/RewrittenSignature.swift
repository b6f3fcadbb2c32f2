package import Secrets
import StrictJSON

extension Secret {
    /// A second valid token made of this one, signed by ES256: for each signature (r, s) of ECDSA, (r, n - s) verifies too, so
    /// anybody can make it.
    package func withRewrittenSignature() throws -> Secret {
        struct NotES256: Error {}
        let parts = withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
            .split(separator: ".")
        guard parts.count == 3, let signature = Base64URL.decode(Array(parts[2].utf8)), signature.count == 64 else {
            throw NotES256()
        }
        let rewritten = signature[..<32] + difference(order, Array(signature[32...]))
        return Secret("\(parts[0]).\(parts[1]).\(Base64URL.encode(Array(rewritten)))")
    }
}

/// The order n of P-256's group, FIPS 186-4 appendix D.1.2.3.
private let order: [UInt8] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
]

/// Of two numbers of the same length, most significant byte first.
private func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var borrow = 0
    var result = left
    for index in left.indices.reversed() {
        let digit = Int(left[index]) - Int(right[index]) - borrow
        borrow = digit < 0 ? 1 : 0
        result[index] = UInt8(truncatingIfNeeded: digit)
    }
    return result
}
