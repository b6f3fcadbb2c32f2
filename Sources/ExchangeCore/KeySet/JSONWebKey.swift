import Crypto
import CryptoExtras
import StrictJSON

/// One member of a key set that can verify signatures, RFC 7517 section 4.
struct JSONWebKey {
    let keyID: String
    let key: VerificationKey

    /// Nil for anything that is no public signature key of ours: symmetric, private, meant for encryption, for an
    /// algorithm that we do not know or that its type does not fit, without a kid, too small, off the curve.
    init?(_ value: JSONValue) {
        guard let members = value.object, let keyID = members["kid"]?.string, !keyID.isEmpty,
            keyID.utf8.count <= KeySet.maximumKeyIDSize
        else { return nil }
        // A private key that is published belongs to everybody.
        guard members["d"] == nil, Self.isForVerifying(members), let material = Self.material(members) else {
            return nil
        }
        var algorithm: SigningAlgorithm?
        if let named = members["alg"] {
            algorithm = named.string.flatMap(SigningAlgorithm.init(named:))
            guard algorithm != nil else { return nil }
        }
        guard let key = VerificationKey(material, algorithm: algorithm) else { return nil }
        self.keyID = keyID
        self.key = key
    }

    /// `use` and `key_ops`, where they are there, must say so.
    private static func isForVerifying(_ members: JSONObject) -> Bool {
        if let use = members["use"], use != .string("sig") { return false }
        guard let operations = members["key_ops"] else { return true }
        return operations.array?.contains(.string("verify")) ?? false
    }

    private static func material(_ members: JSONObject) -> VerificationKey.Material? {
        switch (members["kty"]?.string, members["crv"]?.string) {
        case ("RSA", nil): rsa(members)
        case ("EC", "P-256"): point(members, size: 32).flatMap { try? .p256(.init(x963Representation: $0)) }
        case ("EC", "P-384"): point(members, size: 48).flatMap { try? .p384(.init(x963Representation: $0)) }
        default: nil
        }
    }

    /// 2048 to 8192 bits; the exponent is odd and at least 3, so that a signature is not the message itself.
    private static func rsa(_ members: JSONObject) -> VerificationKey.Material? {
        guard let modulus = unsigned(members["n"]), let exponent = unsigned(members["e"]) else { return nil }
        guard (2048...8192).contains(bitWidth(modulus)), modulus.last.map({ $0 & 1 }) == 1 else { return nil }
        guard exponent != [1], exponent.last.map({ $0 & 1 }) == 1 else { return nil }
        // BoringSSL refuses what it finds wrong; why does not matter, the key is left out.
        return (try? _RSA.Signing.PublicKey(n: modulus, e: exponent)).map { .rsa($0) }
    }

    /// The uncompressed point 04 || x || y; that it is on the curve is checked by whoever takes it.
    private static func point(_ members: JSONObject, size: Int) -> [UInt8]? {
        guard let x = bytes(members["x"]), let y = bytes(members["y"]), x.count == size, y.count == size else {
            return nil
        }
        return [4] + x + y
    }

    /// A Base64urlUInt, RFC 7518 section 2: no leading zero byte.
    private static func unsigned(_ value: JSONValue?) -> [UInt8]? {
        guard let bytes = bytes(value), let first = bytes.first, first != 0 else { return nil }
        return bytes
    }

    private static func bytes(_ value: JSONValue?) -> [UInt8]? {
        value?.string.flatMap { Base64URL.decode($0.utf8) }
    }

    private static func bitWidth(_ bytes: [UInt8]) -> Int {
        bytes.count * 8 - (bytes.first?.leadingZeroBitCount ?? 0)
    }
}
