import Crypto
package import CryptoExtras
import FoundationEssentials
package import StrictJSON

/// One of the issuer's keys, RSA with 2048 bits as Vela's are.
package struct SigningKey: Sendable {
    /// The key's id, a UUID of version 7.
    package let kid: String
    /// The public half.
    package let publicKey: _RSA.Signing.PublicKey
    private let privateKey: _RSA.Signing.PrivateKey

    /// Generates a key, which takes a tenth of a second or so.
    package init() throws(DevStackError) {
        do {
            privateKey = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        } catch {
            throw .cryptography("cannot generate an RSA key: \(error)")
        }
        publicKey = privateKey.publicKey
        kid = UUIDText.version7()
    }

    /// The key as Vela publishes it: `e`, `kid`, `kty` and `n`, without `alg` and `use`.
    package func jwk() throws(DevStackError) -> JSONValue {
        do {
            let primitives = try publicKey.getKeyPrimitives()
            return .object(
                JSONObject([
                    .init("e", .string(Base64URL.encode(primitives.publicExponent))),
                    .init("kid", .string(kid)),
                    .init("kty", .string("RSA")),
                    .init("n", .string(Base64URL.encode(primitives.modulus))),
                ]))
        } catch {
            throw .cryptography("cannot read the public key: \(error)")
        }
    }

    /// Signs `claims` as a compact JWS with RS256. Members of `header` replace those of `alg`, `kid` and `typ`.
    package func token(claims: JSONValue, header: JSONObject = JSONObject()) throws(DevStackError) -> String {
        var fields = JSONObject([
            .init("alg", .string("RS256")), .init("kid", .string(kid)), .init("typ", .string("JWT")),
        ])
        for member in header.members { fields[member.name] = member.value }
        let input = Base64URL.encode(JSONValue.object(fields).bytes) + "." + Base64URL.encode(claims.bytes)
        do {
            let signature = try privateKey.signature(for: Array(input.utf8), padding: .insecurePKCS1v1_5)
            return input + "." + Base64URL.encode(signature.rawRepresentation)
        } catch {
            throw .cryptography("cannot sign: \(error)")
        }
    }
}
