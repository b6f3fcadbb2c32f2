import ExchangeCore
import Secrets
import StrictJSON

/// The prober's own key, on curve P-256: it signs by ES256 as an issuer that the policy names.
struct ProbeKey: Sendable {
    private let key: SigningKey

    /// A new key.
    init() { key = SigningKey() }

    /// Reads a private key in PEM, of SEC 1 or PKCS #8. The error says nothing of what was read.
    init(pem: Secret) throws(StartFailure) {
        // Why it is none does not matter: the remedy is the same.
        guard let key = try? SigningKey(pem: pem), key.algorithm == .es256 else {
            throw StartFailure(
                "the key is no private key of curve P-256 in PEM: make one with 'vela-aws-gateway probe new-key'")
        }
        self.key = key
    }

    /// The thumbprint of RFC 7638, so that the same key has the same `kid` everywhere.
    var keyID: String { key.keyID }

    /// The private key in PEM, of PKCS #8.
    var pem: Secret { key.pem }

    /// The JWK set for the policy's `keys_file`: the public half, RFC 7517 section 5.
    var keySet: [UInt8] {
        JSONValue.object(JSONObject([.init("keys", .array([.object(key.publicKey)]))])).bytes
    }

    /// A token over `claims`. `keyID` names another key than the one that signs.
    func token(_ claims: JSONObject, keyID: String? = nil) throws(StartFailure) -> Secret {
        do throws(SigningKeyFault) {
            return try key.token(over: JSONValue.object(claims).bytes, keyID: keyID)
        } catch {
            throw StartFailure(error.description)
        }
    }
}
