import ExchangeAPI
import Foundation
import StrictJSON
import Testing

@testable import ClientCLI

/// `vela-aws-credentials whoami`.
@Suite struct WhoamiTests {
    private static let claims =
        #""sub":"repo:o/r:ref:refs/heads/main:event:push","event":"push","aud":"a","custom_properties":{"team":"x"}"#

    private static func answer(_ more: String = "", branch: String = "main") -> String {
        let claims = "\"claims\":{\(claims),\"branch\":\"\(branch)\"}"
        return StandIn.answer(200, "{\"issuer\":\"vela\",\(claims)\(more),\"request_id\":\"req-5\"}")
    }

    private func fixture(_ server: StandIn) -> Fixture {
        let fixture = Fixture(server)
        fixture.arguments = ["whoami"]
        fixture.variables["PARAMETER_ROLE"] = nil
        return fixture
    }

    @Test func `prints the claims in order, and needs no role`() throws {
        let server = Fixture.server { _ in Self.answer(#","unknown_claims":["pull_fork"],"rules":["deploy","read"]"#) }
        let fixture = fixture(server)
        #expect(fixture.run() == 0, "\(fixture.errors)")
        #expect(
            fixture.output == """
                issuer: vela
                claims:
                  aud: a
                  branch: main
                  custom_properties: {"team":"x"}
                  event: push
                  sub: repo:o/r:ref:refs/heads/main:event:push
                  pull_fork: unknown, the token does not say
                rules that could apply, depending on what is asked for: deploy, read
                request id: req-5

                """)
        let request = try #require(server.requests.last)
        #expect(request.line == "POST /v1/whoami HTTP/1.1" && request.body.isEmpty)
        #expect(request.header("Authorization") == "Bearer id.token.0" && request.header("Content-Length") == "0")
        #expect(request.header("Content-Type") == nil)
    }

    @Test(arguments: [
        ("", "rules: not told by this gateway\n"),
        (#","rules":[]"#, "rules: none has a condition that these claims meet\n"),
    ])
    func `says when no rule is named`(more: String, line: String) {
        let fixture = fixture(Fixture.server { _ in Self.answer(more) })
        #expect(fixture.run() == 0)
        #expect(fixture.output.contains(line))
    }

    @Test func `prints one object for machines`() throws {
        let fixture = fixture(Fixture.server { _ in Self.answer(#","rules":["deploy"]"#) })
        fixture.arguments += ["--output", "json"]
        #expect(fixture.run() == 0)
        #expect(fixture.errors.isEmpty && fixture.output.hasSuffix("}\n"))
        let object = try #require(JSONValue(parsing: fixture.output).object)
        let claims = try #require(object["claims"]?.object)
        #expect(claims.members.map(\.name) == ["aud", "branch", "custom_properties", "event", "sub"])
        #expect(object["rules"] == .array([.string("deploy")]) && object["request_id"] == .string("req-5"))
    }

    @Test func `lets no claim speak to the terminal`() {
        let fixture = fixture(Fixture.server { _ in Self.answer(branch: #"a\u001b[31m\n  event: tag"#) })
        #expect(fixture.run() == 0)
        #expect(fixture.output.contains("  branch: a [31m   event: tag\n"))
    }

    @Test func `says what the gateway's refusal means`() {
        let fixture = fixture(Fixture.server { _ in Fixture.problem(401, "token_unknown_issuer", "No.") })
        #expect(fixture.run() == 1)
        #expect(fixture.output.isEmpty && fixture.errors.contains("401 token_unknown_issuer"))
    }

    @Test(arguments: [
        "{}", "[]", #"{"issuer":"vela","claims":[],"request_id":"r"}"#, #"{"issuer":"vela","claims":{}}"#,
    ])
    func `takes no answer that is not one`(body: String) {
        let fixture = fixture(Fixture.server { _ in StandIn.answer(200, body) })
        #expect(fixture.run() == 1)
        #expect(fixture.output.isEmpty && fixture.errors.contains("cannot be read"))
    }

    @Test func `tries again as for credentials, with a new token`() {
        let server = Fixture.server {
            $0 == 0 ? Fixture.problem(503, "keys_unavailable", "Wait.", retryable: true) : Self.answer()
        }
        let fixture = fixture(server)
        #expect(fixture.run() == 0)
        #expect(
            server.requests(to: "/v1/whoami").map { $0.header("Authorization") } == [
                "Bearer id.token.0", "Bearer id.token.1",
            ])
    }

    @Test func `needs what every command needs`() {
        let fixture = fixture(Fixture.server())
        fixture.variables["PARAMETER_GATEWAY_URL"] = nil
        #expect(fixture.run() == 1)
        #expect(fixture.errors.contains("no gateway url provided") && !fixture.errors.contains("no role provided"))
    }
}
