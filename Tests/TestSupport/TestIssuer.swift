import ExchangeCore
package import Secrets
package import StrictJSON

/// An issuer that signs any token and publishes its documents.
package struct TestIssuer: Sendable {
    package var url: String
    /// The address of its key set.
    package var keysURL: String
    package var keys: [TestKey]
    private let jwks: [UInt8]

    package init(_ url: String = VelaClaims.issuer, keys: [TestKey]) throws {
        self.url = url
        keysURL = url + "/.well-known/jwks"
        self.keys = keys
        jwks = JSONValue.object(["keys": .array(try keys.map { .object(try $0.jwk()) })]).bytes
    }

    /// An issuer at Vela's address with one RSA key.
    package static func vela() throws -> TestIssuer {
        try TestIssuer(keys: [.rsa()])
    }

    /// A token over `claims`, signed by `key` or else the first one. `header` replaces members of the usual header.
    package func token(_ claims: JSONObject, header: JSONObject = [:], key: TestKey? = nil) throws -> Secret {
        guard let key = key ?? keys.first else { throw VectorFault(file: url, what: "the issuer has no key") }
        var members: JSONObject = ["alg": .string(key.algorithm.rawValue), "kid": .string(key.keyID), "typ": "JWT"]
        for member in header.members { members[member.name] = member.value }
        let text =
            Base64URL.encode(JSONValue.object(members).bytes) + "." + Base64URL.encode(JSONValue.object(claims).bytes)
        return Secret(text + "." + Base64URL.encode(try key.sign(Array(text.utf8))))
    }

    /// The bytes of its JWK set.
    package var keySet: [UInt8] { jwks }

    /// The bytes of its discovery document.
    package var discovery: [UInt8] {
        JSONValue.object(["issuer": .string(url), "jwks_uri": .string(keysURL)]).bytes
    }

    /// Both documents by URL.
    package var documents: [String: [UInt8]] {
        [url + "/.well-known/openid-configuration": discovery, keysURL: keySet]
    }
}
