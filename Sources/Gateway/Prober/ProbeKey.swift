import Crypto
import Secrets
import StrictJSON

/// The prober's own key, on curve P-256: it signs by ES256 (RFC 7518 section 3.4) as an issuer that the policy names.
struct ProbeKey: Sendable {
    private let key: P256.Signing.PrivateKey
    /// The thumbprint of RFC 7638, so that the same key has the same `kid` everywhere.
    let keyID: String

    /// A new key.
    init() { self.init(P256.Signing.PrivateKey()) }

    /// Reads a private key in PEM, of SEC 1 or PKCS #8. The error says nothing of what was read.
    init(pem: Secret) throws(StartFailure) {
        let text = pem.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        // Why it is none is not told: the reason could quote the file.
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: text) else {
            throw StartFailure(
                "the key is no private key of curve P-256 in PEM: make one with 'vela-aws-gateway probe new-key'")
        }
        self.init(key)
    }

    private init(_ key: P256.Signing.PrivateKey) {
        self.key = key
        keyID = Base64URL.encode(Array(SHA256.hash(data: JSONValue.object(Self.members(of: key)).bytes)))
    }

    /// The private key in PEM, of PKCS #8.
    var pem: Secret { Secret(key.pemRepresentation + "\n") }

    /// The JWK set for the policy's `keys_file`: the public half, RFC 7517 section 5.
    var keySet: [UInt8] {
        var members = Self.members(of: key)
        members["kid"] = .string(keyID)
        members["alg"] = .string("ES256")
        members["use"] = .string("sig")
        return JSONValue.object(JSONObject([.init("keys", .array([.object(members)]))])).bytes
    }

    /// A token over `claims`. `keyID` names another key than the one that signs.
    func token(_ claims: JSONObject, keyID: String? = nil) throws(StartFailure) -> Secret {
        let header = JSONObject([
            .init("alg", .string("ES256")), .init("typ", .string("JWT")), .init("kid", .string(keyID ?? self.keyID)),
        ])
        let parts = [header, claims].map { Base64URL.encode(JSONValue.object($0).bytes) }
        let input = parts.joined(separator: ".")
        guard let signature = try? key.signature(for: Array(input.utf8)) else {  // BoringSSL gives no reason.
            throw StartFailure("the key could not sign: try again")
        }
        return Secret("\(input).\(Base64URL.encode(Array(signature.rawRepresentation)))")
    }

    /// The required members of an EC key in the order of their names: what RFC 7638 section 3.2 hashes.
    private static func members(of key: P256.Signing.PrivateKey) -> JSONObject {
        let point = Array(key.publicKey.rawRepresentation)
        return JSONObject([
            .init("crv", .string("P-256")), .init("kty", .string("EC")),
            .init("x", .string(Base64URL.encode(point.prefix(32)))),
            .init("y", .string(Base64URL.encode(point.suffix(32)))),
        ])
    }
}
