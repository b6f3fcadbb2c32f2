import Crypto
import DevStack
import Foundation
import StrictJSON
import Testing

/// An AWS that trusts what is published in a folder: the gateway's own issuer.
@Suite struct `A published issuer` {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "published-\(UUID().uuidString)")
    private let key = P256.Signing.PrivateKey()

    private func publish(at url: String) throws {
        let place = folder.appending(path: ".well-known")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let point = Array(key.publicKey.rawRepresentation)
        let (x, y) = (Base64URL.encode(Array(point.prefix(32))), Base64URL.encode(Array(point.suffix(32))))
        try Data(#"{"issuer": "\#(url)"}"#.utf8).write(to: place.appending(path: "openid-configuration"))
        let keySet =
            #"{"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "k", "x": "\#(x)", "y": "\#(y)"}]}"#
        try Data(keySet.utf8).write(to: place.appending(path: "jwks.json"))
    }

    private func token(of url: String, key: P256.Signing.PrivateKey? = nil) throws -> String {
        let header = Base64URL.encode(Array(#"{"alg": "ES256", "kid": "k"}"#.utf8))
        let claims =
            #"{"iss": "\#(url)", "sub": "repo:o/r", "aud": "sts.amazonaws.com", "exp": 4102444800, "jti": "one"}"#
        let input = "\(header).\(Base64URL.encode(Array(claims.utf8)))"
        let signature = try (key ?? self.key).signature(for: Array(input.utf8)).rawRepresentation
        return "\(input).\(Base64URL.encode(Array(signature)))"
    }

    private func run(_ trust: DevStackConfiguration.Trust, _ body: (StackClient, String) async throws -> Void)
        async throws
    {
        var configuration = DevStackConfiguration()
        (configuration.publishedFolder, configuration.trust) = (folder.path, trust)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await withStack(configuration) { client in
            let url = client.stack.stsURL + "/published"
            try publish(at: url)
            try await body(client, url)
        }
    }

    @Test func `is trusted by what it publishes, and nobody else is`() async throws {
        try await run(.published) { (client, url) async throws in
            let answer = try await client.sts(token: try token(of: url))
            #expect(answer.status == 200 && answer.element("Provider") == url, "\(answer.text)")
            let other = try await client.sts(token: try token(of: url, key: P256.Signing.PrivateKey()))
            #expect(other.element("Message") == "The signature of the token is invalid")
            let vela = try await client.sts()
            #expect(vela.element("Message")?.hasPrefix("No OpenIDConnect provider found") == true)
            let calls = try await client.send(client.stack.issuer.velaURL + "/_dev/sts/calls").json
            let last = calls.object?["calls"]?.array?.first?.object
            #expect(last?["claims"]?.object?["jti"]?.string == "one")
        }
    }

    @Test func `in a migration both are trusted, and without one Vela alone`() async throws {
        try await run(.both) { (client, url) async throws in
            #expect(try await client.sts().status == 200)
            #expect(try await client.sts(token: try token(of: url)).status == 200)
        }
        try await run(.vela) { (client, url) async throws in
            #expect(try await client.sts().status == 200)
            #expect(try await client.sts(token: try token(of: url)).status == 400)
        }
    }

    @Test func `its folder is served, but for what is not published`() async throws {
        try await run(.published) { (client, url) async throws in
            let document = try await client.send(url + "/.well-known/openid-configuration")
            #expect(try document.json.object?["issuer"]?.string == url)
            #expect(try await client.send(url + "/.well-known/jwks.json").status == 200)
            try Data("{}".utf8).write(to: folder.appending(path: "key.json"))
            for path in ["/key.json", "/.well-known/../key.json", "/", ""] {
                #expect(try await client.send(url + path).status == 404, "\(path)")
            }
        }
    }
}
