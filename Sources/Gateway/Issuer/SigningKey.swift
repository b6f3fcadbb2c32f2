import Crypto
import CryptoExtras
package import ExchangeCore
import Secrets
import StrictJSON

/// A private key that signs tokens of our own: P-256 for ES256, or RSA for RS256 (RFC 7518 section 3).
///
/// It is kept by BoringSSL, which the library does not let us wipe; docs/threat-model.md says so. It describes itself by
/// its public id only.
package struct SigningKey: Sendable {
    private let material: Material
    /// The thumbprint of RFC 7638, so that the same key has the same `kid` everywhere.
    let keyID: String

    fileprivate enum Material: Sendable {
        case p256(P256.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    /// A new P-256 key.
    init() { self.init(P256.Signing.PrivateKey()) }

    /// A new key for `algorithm`: P-256 for ES256, RSA with 2048 bits for RS256, which takes a tenth of a second or so.
    package init(for algorithm: SigningAlgorithm) throws(SigningKeyFault) {
        switch algorithm {
        case .es256: self.init()
        case .rs256:
            // BoringSSL gives no reason.
            guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else { throw .cannotSign }
            self.init(key)
        case .rs384, .rs512, .es384: throw .algorithm
        }
    }

    /// Reads a private key in PEM: PKCS #8, or what openssl wrote before it (SEC 1, PKCS #1). The error says nothing of
    /// what was read.
    init(pem: Secret) throws(SigningKeyFault) {
        // The library reads PEM from a String only, which nobody wipes.
        let text = pem.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        guard text.contains("PRIVATE KEY-----") else { throw .notPrivate }
        guard !text.contains("ENCRYPTED") else { throw .encrypted }
        // Why it is none is not told: the reason could quote the file.
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: text) {
            self.init(key)
        } else if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: text) {
            guard (2048...4096).contains(key.keySizeInBits) else { throw .size }
            self.init(key)
        } else {
            throw .unusable
        }
    }

    private init(_ key: P256.Signing.PrivateKey) { self.init(.p256(key)) }
    private init(_ key: _RSA.Signing.PrivateKey) { self.init(.rsa(key)) }

    private init(_ material: Material) {
        self.material = material
        keyID = Base64URL.encode(Array(SHA256.hash(data: JSONValue.object(material.members).bytes)))
    }

    /// What it signs with: ES256 or RS256.
    var algorithm: SigningAlgorithm {
        switch material {
        case .p256: .es256
        case .rsa: .rs256
        }
    }

    /// The private key in PEM, of PKCS #8.
    var pem: Secret {
        switch material {
        case .p256(let key): Secret(key.pemRepresentation + "\n")
        case .rsa(let key): Secret(key.pkcs8PEMRepresentation + "\n")
        }
    }

    /// The public half as a member of a key set, RFC 7517 section 4.
    var publicKey: JSONObject {
        var members = material.members
        members["kid"] = .string(keyID)
        members["alg"] = .string(algorithm.rawValue)
        members["use"] = .string("sig")
        return members
    }

    /// The JWS signature over `input`: R and S for ES256, PKCS #1 v1.5 for RS256.
    func signature(over input: [UInt8]) throws(SigningKeyFault) -> [UInt8] {
        do {
            let digest = SHA256.hash(data: input)
            switch material {
            case .p256(let key): return Array(try key.signature(for: digest).rawRepresentation)
            case .rsa(let key):
                return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
            }
        } catch {
            throw .cannotSign  // BoringSSL gives no reason.
        }
    }
}

extension SigningKey.Material {
    /// The required members of the public key in the order of their names: what RFC 7638 section 3.2 hashes.
    fileprivate var members: JSONObject {
        switch self {
        case .p256(let key):
            let point = Array(key.publicKey.rawRepresentation)
            return JSONObject([
                .init("crv", .string("P-256")), .init("kty", .string("EC")),
                .init("x", .string(Base64URL.encode(point.prefix(32)))),
                .init("y", .string(Base64URL.encode(point.suffix(32)))),
            ])
        case .rsa(let key):
            // It fails for a key without numbers only, which none that was read or made is; the empty ones would match nothing.
            let numbers = try? key.publicKey.getKeyPrimitives()
            return JSONObject([
                .init("e", .string(Base64URL.encode(numbers.map { Array($0.publicExponent) } ?? []))),
                .init("kty", .string("RSA")),
                .init("n", .string(Base64URL.encode(numbers.map { Array($0.modulus) } ?? []))),
            ])
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// The id of the public half.
    package var description: String { "signing key \(keyID)" }
    /// Shows no children, so that `dump` of whatever holds a key stays silent.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why there is no key, or no signature. Nothing of the key or its file is in it.
package enum SigningKeyFault: Error, Sendable, Equatable, CustomStringConvertible {
    case notPrivate
    case encrypted
    case unusable
    case size
    case algorithm
    case cannotSign

    /// What is wrong, as the rest of a sentence that names the file.
    package var description: String {
        switch self {
        case .notPrivate: "holds no private key in PEM"
        case .encrypted: "holds an encrypted key, and the gateway has no password: decrypt it by 'openssl pkcs8'"
        case .unusable: "holds no private key of curve P-256 or RSA that can be read"
        case .size: "holds an RSA key that has not 2048 to 4096 bits"
        case .algorithm: "a key of ours signs by ES256 or RS256"
        case .cannotSign: "the key could not be made or could not sign: try again"
        }
    }
}
