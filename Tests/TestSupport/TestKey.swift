package import Crypto
package import CryptoExtras
import Foundation
package import ExchangeCore
package import StrictJSON

/// A key that signs tokens in tests.
package struct TestKey: Sendable {
    /// The private keys by type and curve.
    package enum Material: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
    }

    package var keyID: String
    package let material: Material

    package init(_ keyID: String, _ material: Material) {
        self.keyID = keyID
        self.material = material
    }

    /// The TEST-ONLY RSA-2048 key of the vectors, or with `other` the second one. Making RSA keys takes seconds.
    package static func rsa(_ keyID: String = "a", other: Bool = false) throws -> TestKey {
        let pem = String(decoding: try Vectors.bytes("keys", "TEST-ONLY-rsa-\(other ? "b" : "a").pem"), as: UTF8.self)
        return TestKey(keyID, .rsa(try _RSA.Signing.PrivateKey(pemRepresentation: pem)))
    }

    /// A new P-256 key.
    package static func p256(_ keyID: String = "p256") -> TestKey { TestKey(keyID, .p256(P256.Signing.PrivateKey())) }

    /// A new P-384 key.
    package static func p384(_ keyID: String = "p384") -> TestKey { TestKey(keyID, .p384(P384.Signing.PrivateKey())) }

    /// The algorithm it signs with unless told otherwise.
    package var algorithm: SigningAlgorithm {
        switch material {
        case .rsa: .rs256
        case .p256: .es256
        case .p384: .es384
        }
    }

    /// The signature over `bytes`. An ECDSA key always uses its own hash.
    package func sign(_ bytes: [UInt8], by algorithm: SigningAlgorithm? = nil) throws -> [UInt8] {
        switch material {
        case .rsa(let key): try Self.sign(bytes, with: key, by: algorithm ?? .rs256)
        case .p256(let key): Array(try key.signature(for: bytes).rawRepresentation)
        case .p384(let key): Array(try key.signature(for: bytes).rawRepresentation)
        }
    }

    private static func sign(
        _ bytes: [UInt8], with key: _RSA.Signing.PrivateKey, by algorithm: SigningAlgorithm
    ) throws -> [UInt8] {
        let signature =
            switch algorithm {
            case .rs384: try key.signature(for: SHA384.hash(data: bytes), padding: .insecurePKCS1v1_5)
            case .rs512: try key.signature(for: SHA512.hash(data: bytes), padding: .insecurePKCS1v1_5)
            default: try key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
            }
        return Array(signature.rawRepresentation)
    }

    /// The public half as Vela publishes it: no `alg`, no `use`.
    package func jwk() throws -> JSONObject {
        var members: JSONObject = ["kid": .string(keyID)]
        switch material {
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            members["kty"] = "RSA"
            members["n"] = .string(Base64URL.encode(numbers.modulus))
            members["e"] = .string(Base64URL.encode(numbers.publicExponent))
        case .p256(let key): Self.add(key.publicKey.rawRepresentation, "P-256", to: &members)
        case .p384(let key): Self.add(key.publicKey.rawRepresentation, "P-384", to: &members)
        }
        return members
    }

    private static func add(_ point: Data, _ curve: String, to members: inout JSONObject) {
        members["kty"] = "EC"
        members["crv"] = .string(curve)
        members["x"] = .string(Base64URL.encode(point.prefix(point.count / 2)))
        members["y"] = .string(Base64URL.encode(point.suffix(point.count / 2)))
    }
}
