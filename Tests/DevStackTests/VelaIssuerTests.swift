import DevStack
import StrictJSON
import Testing

@Suite struct `A Vela-like issuer` {
    @Test func `publishes discovery that names itself and its keys`() async throws {
        try await withStack { client in
            let issuer = client.stack.issuer.issuerURL
            let answer = try await client.send("\(issuer)/.well-known/openid-configuration")
            let document = try #require(try answer.json.object)
            #expect(issuer == client.stack.issuer.velaURL + "/_services/token")
            #expect(document["issuer"]?.string == issuer)
            #expect(document["jwks_uri"]?.string == "\(issuer)/.well-known/jwks")
            #expect(answer.headers["cache-control"] == "no-cache, no-store")
        }
    }

    @Test func `publishes keys with four members and no more`() async throws {
        try await withStack { client in
            let keys = try await keySet(client).object?["keys"]?.array
            let key = try #require(keys?.first?.object)
            #expect(keys?.count == 1)
            #expect(key.members.map(\.name) == ["e", "kid", "kty", "n"])
            #expect(Base64URL.decode((key["n"]?.string ?? "").utf8)?.count == 256)
            #expect(Array(key["kid"]?.string ?? "").dropFirst(14).first == "7")
        }
    }

    @Test func `gives a step a token that its keys verify`() async throws {
        try await withStack { client in
            let step = try await client.register(#"{"org":"a","repo":"b","build":7,"image":"golang:1.24"}"#)
            #expect(step.url == client.stack.issuer.velaURL + "/api/v1/repos/a/b/builds/7/id_token")
            let answer = try await client.idToken(step, query: "?audience=one&audience=two%20words")
            let token = try JWT(#require(try answer.json.object?["token"]?.string))
            #expect(answer.status == 200)
            #expect(try token.isSigned(byKeyIn: await keySet(client)))
            #expect(token.header["alg"]?.string == "RS256")
            #expect(token.header["typ"]?.string == "JWT")
            #expect(token.claims["aud"] == .array([.string("one"), .string("two words")]))
            #expect(token.claims["repo"]?.string == "a/b")
            #expect(token.claims["build_number"]?.string == "7")
            let issued = try #require(token.claims["iat"]?.integer)
            #expect(token.claims["exp"]?.integer == issued + 300)
        }
    }

    @Test func `keeps old keys over a restart and drops them at a rotation`() async throws {
        try await withStack { client in
            let old = try JWT(client.stack.issuer.idToken(for: Build(), audience: ["a"]))
            try await client.direct("/_dev/keys/restart")
            let new = try JWT(client.stack.issuer.idToken(for: Build(), audience: ["a"]))
            #expect(old.header["kid"] != new.header["kid"])
            #expect(try old.isSigned(byKeyIn: await keySet(client)))
            #expect(try new.isSigned(byKeyIn: await keySet(client)))
            try await client.direct("/_dev/keys/rotate")
            #expect(try !new.isSigned(byKeyIn: await keySet(client)))
            #expect(try await keySet(client).object?["keys"]?.array?.count == 1)
        }
    }

    @Test func `counts what it was asked for`() async throws {
        try await withStack { client in
            _ = try await keySet(client)
            _ = try await keySet(client)
            let counts = try await client.send(client.stack.issuer.velaURL + "/_dev/counts").json.object
            #expect(counts?["jwks"]?.integer == 2)
            #expect(counts?["discovery"]?.integer == 0)
        }
    }

    private func keySet(_ client: StackClient) async throws -> JSONValue {
        try await client.send(client.stack.issuer.issuerURL + "/.well-known/jwks").json
    }
}
