import DevStack
import StrictJSON
import Testing

@Suite struct `The ID token endpoint` {
    @Test func `refuses a request without a bearer`() async throws {
        try await withStack { client in
            let step = try await client.register("{}")
            let answer = try await client.send(step.url + "?audience=a")
            #expect(answer.status == 401)
            #expect(try answer.error == "no request token provided in Authorization header")
        }
    }

    @Test(arguments: ["", "nonsense", "a.b.c"]) func `refuses a malformed bearer`(token: String) async throws {
        try await withStack { client in
            let step = try await client.register("{}")
            let answer = try await client.idToken(.init(url: step.url, token: token))
            #expect(answer.status == 401)
        }
    }

    @Test func `refuses an ID token as a bearer`() async throws {
        try await withStack { client in
            let step = try await client.register("{}")
            let token = try client.stack.issuer.idToken(for: Build(), audience: ["a"])
            let answer = try await client.idToken(.init(url: step.url, token: token))
            #expect(answer.status == 401)
            #expect(try answer.error == "invalid token: token signature is invalid")
        }
    }

    @Test func `refuses a request token that was altered or has expired`() async throws {
        try await withStack { client in
            let step = try await client.register("{}")
            let altered = step.token.replacing(".", with: ".e30", maxReplacements: 1)
            #expect(try await client.idToken(.init(url: step.url, token: altered)).status == 401)
            let late = try await client.idToken(client.register(#"{"request_lifetime":-1}"#))
            #expect(late.status == 401)
            #expect(try late.error == "invalid token: token has invalid claims: token is expired")
        }
    }

    @Test func `refuses another build's request token`() async throws {
        try await withStack { client in
            let one = try await client.register(#"{"build":1}"#)
            let two = try await client.register(#"{"build":2}"#)
            let answer = try await client.idToken(.init(url: one.url, token: two.token))
            #expect(answer.status == 401)
            #expect(try answer.error == "request token does not belong to this build")
        }
    }

    @Test(arguments: [
        "/api/v1/repos/octo-org/none/builds/1/id_token", "/api/v1/repos/octo-org/octo-repo/builds/9/id_token",
    ])
    func `does not find an unknown repository or build`(path: String) async throws {
        try await withStack { client in
            let step = try await client.register("{}")
            let answer = try await client.idToken(.init(url: client.stack.issuer.velaURL + path, token: step.token))
            #expect(answer.status == 404)
            #expect(try answer.error?.hasSuffix("record not found") == true)
        }
    }

    @Test func `gives no token once the build has ended`() async throws {
        try await withStack { client in
            let step = try await client.register("{}")
            #expect(try await client.idToken(step).status == 200)
            _ = try await client.register(#"{"status":"success"}"#)
            let answer = try await client.idToken(step)
            #expect(answer.status == 400)
            #expect(try answer.error == "invalid request")
        }
    }

    @Test(arguments: ["", "?audience=", "?other=a"]) func `wants an audience`(query: String) async throws {
        try await withStack { client in
            let answer = try await client.idToken(client.register("{}"), query: query)
            #expect(answer.status == 400)
            #expect(try answer.error == "no audience provided")
        }
    }

    @Test func `names the field of a build that it does not know`() async throws {
        try await withStack { client in
            let answer = try await client.send(client.stack.issuer.velaURL + "/_dev/builds", body: #"{"rope":1}"#)
            #expect(answer.status == 400)
            #expect(try answer.error == "unknown field: rope")
        }
    }
}
