import Crypto
import CryptoExtras
import FoundationEssentials
import MicroHTTPD
import StrictJSON

/// An issuer that publishes its two documents as files in a folder, as the gateway's does. They are read anew for each call.
struct PublishedIssuer: Sendable {
    let folder: String

    /// Below which path of the STS listener the folder is served, as a bucket behind the issuer's URL would be.
    static let path = "/published"

    /// The `issuer` of its discovery document; nil while none is published.
    var issuerURL: String? { document("/.well-known/openid-configuration")?["issuer"]?.string }

    /// Whether `signature` over `input` is one of the published key `kid`; nil where no such key is published.
    func verifies(_ signature: [UInt8], over input: String, by algorithm: String, kid: String) -> Bool? {
        let keys = document("/.well-known/jwks.json")?["keys"]?.array?.compactMap(\.object) ?? []
        guard let key = keys.first(where: { $0["kid"]?.string == kid && $0["alg"]?.string == algorithm }) else {
            return nil
        }
        let bytes = { (name: String) in key[name]?.string.flatMap { Base64URL.decode($0.utf8) } ?? [] }
        // A key or signature that BoringSSL does not take verifies nothing.
        switch algorithm {
        case "ES256":
            guard let key = try? P256.Signing.PublicKey(rawRepresentation: bytes("x") + bytes("y")),
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: Array(input.utf8))
        case "RS256":
            guard let key = try? _RSA.Signing.PublicKey(n: bytes("n"), e: bytes("e")) else { return false }
            let value = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return key.isValidSignature(value, for: Array(input.utf8), padding: .insecurePKCS1v1_5)
        default: return nil
        }
    }

    /// The file at `path` below the issuer's URL; nil where there is none of the two.
    func answer(_ path: String) -> HTTPResponse? {
        guard path.hasPrefix(Self.path) else { return nil }
        return document(String(path.dropFirst(Self.path.count))).map { .json(.object($0)) }
    }

    /// Nil for a file that is not there, is no JSON object, or is none of the two.
    private func document(_ path: String) -> JSONObject? {
        guard ["/.well-known/openid-configuration", "/.well-known/jwks.json"].contains(path),
            let data = FileManager.default.contents(atPath: folder + path)
        else { return nil }
        return try? JSONValue(parsing: Array(data)).object
    }
}
