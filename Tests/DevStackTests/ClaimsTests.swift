import DevStack
import StrictJSON
import Testing

@Suite struct `The claims of an ID token` {
    private func claims(_ version: VelaVersion, _ change: (inout Build) -> Void = { _ in }) throws -> JSONObject {
        var build = Build()
        build.serverVersion = version
        change(&build)
        let claims = build.idTokenClaims(issuer: "https://v", audience: ["a"], at: Timestamp(seconds: 1_000))
        return try #require(claims.object)
    }

    @Test func `are text from v0.27 on`() throws {
        for version in [VelaVersion.v027, .v0272, .v028] {
            let claims = try claims(version)
            #expect(claims["build_number"] == .string("1"))
            #expect(claims["build_id"] == .string("1001"))
            #expect(claims["commands"] == .string("false"))
            #expect(claims["pull_fork"] == .string("false"))
            #expect(claims["custom_properties"] == .object(JSONObject()))
        }
    }

    @Test func `are numbers and booleans before, which are absent when false`() throws {
        for version in [VelaVersion.v025, .v026] {
            let claims = try claims(version)
            #expect(claims["build_number"] == .number(JSONNumber(1)))
            #expect(claims["build_id"] == .number(JSONNumber(1001)))
            #expect(claims["commands"] == nil)
            #expect(claims["pull_fork"] == nil)
            #expect(claims["custom_properties"] == nil)
            #expect(try self.claims(version) { $0.commands = true }["commands"] == .bool(true))
        }
    }

    @Test func `know forks from v0.26 on`() throws {
        #expect(try claims(.v025) { $0.pullFork = true }["pull_fork"] == nil)
        #expect(try claims(.v026) { $0.pullFork = true }["pull_fork"] == .bool(true))
        #expect(try claims(.v027) { $0.pullFork = true }["pull_fork"] == .string("true"))
    }

    @Test func `end an event without action in a colon before v0.27.2`() throws {
        for version in VelaVersion.allCases {
            let colon = version < .v0272 ? ":" : ""
            #expect(try claims(version)["event"] == .string("push" + colon))
            let pullRequest = try claims(version) { $0.event = "pull_request:opened" }
            #expect(pullRequest["event"] == .string("pull_request:opened"))
            #expect(
                pullRequest["sub"] == .string("repo:octo-org/octo-repo:ref:refs/heads/main:event:pull_request"))
        }
    }

    @Test func `have an id of their own from v0.28 on`() throws {
        #expect(try claims(.v0272)["jti"] == nil)
        #expect(try claims(.v028)["jti"]?.string?.utf8.count == 36)
        #expect(try claims(.v028)["jti"] != claims(.v028)["jti"])
    }

    @Test func `cut the image at its first colon`() throws {
        let port = try claims(.v028) { $0.image = "registry:5000/x" }
        #expect(port["image"] == .string("registry:5000/x"))
        #expect(port["image_name"] == .string("registry"))
        #expect(port["image_tag"] == .string("5000/x"))
        #expect(try claims(.v028) { $0.image = "alpine" }["image_tag"] == nil)
    }

    @Test func `name neither an organisation nor a time before which they are void`() throws {
        for version in VelaVersion.allCases {
            let claims = try claims(version)
            #expect(claims["org"] == nil)
            #expect(claims["nbf"] == nil)
            #expect(claims["token_type"] == .string("ID"))
            #expect(claims["aud"] == .array([.string("a")]))
            #expect(claims["exp"] == .number(JSONNumber(1_300)))
        }
    }

    @Test func `can be replaced and taken away for hostile tokens`() throws {
        let claims = try claims(.v028) { $0.claims = JSONObject([.init("repo", .null), .init("aud", .string("x"))]) }
        #expect(claims["repo"] == nil)
        #expect(claims["aud"] == .string("x"))
    }
}
