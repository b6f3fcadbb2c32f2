import ClientHTTP
import Foundation
import Testing

@testable import ClientCLI

/// The whole program against a Vela and a gateway on loopback.
@Suite struct ExchangeTests {
    @Test func `asks Vela and the gateway for what was set, and writes the script`() throws {
        let server = Fixture.server()
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_SCRIPT_WRITE"] = "true"
        fixture.variables["PARAMETER_AUDIENCE"] = "my audience".replacing(" ", with: "/")
        #expect(fixture.run() == 0, "\(fixture.errors)")
        let vela = try #require(server.requests.first)
        #expect(vela.line == "GET /api/v1/repos/o/r/builds/1/id_token?audience=my%2Faudience HTTP/1.1")
        #expect(vela.header("Authorization") == "Bearer \(Fixture.requestToken)")
        let gateway = try #require(server.requests.last)
        #expect(gateway.line == "POST /v1/credentials HTTP/1.1")
        #expect(gateway.header("Authorization") == "Bearer id.token.0")
        #expect(gateway.header("Content-Type") == "application/json")
        #expect(gateway.body == #"{"role":"\#(Fixture.role)","region":"us-east-1","session_name":"vela"}"#)
        #expect(
            try fixture.read("secrets/aws/setup.sh").contains("export AWS_SECRET_ACCESS_KEY='\(Fixture.secretKey)'"))
        #expect(fixture.output.isEmpty)
    }

    @Test func `keeps a query in Vela's address and a path in the gateway's`() throws {
        let server = Fixture.server()
        let fixture = Fixture(server)
        fixture.variables["VELA_ID_TOKEN_REQUEST_URL"] = "\(server.url)/id_token?build=1"
        fixture.variables["PARAMETER_GATEWAY_URL"] = "\(server.url)/aws/"
        #expect(fixture.run() == 0, "\(fixture.errors)")
        #expect(
            server.requests.map(\.line) == [
                "GET /id_token?build=1&audience=sts.amazonaws.com HTTP/1.1", "POST /aws/v1/credentials HTTP/1.1",
            ])
    }

    @Test func `writes nothing and says so without script_write`() throws {
        let fixture = Fixture(Fixture.server())
        #expect(fixture.run() == 0)
        #expect(fixture.errors.contains("nothing was written"))
        #expect(!FileManager.default.fileExists(atPath: fixture.root))
    }

    @Test(arguments: ["text", "json"]) func `shows no secret at any level`(format: String) throws {
        let fixture = Fixture(Fixture.server())
        fixture.variables["PARAMETER_LOG_LEVEL"] = "trace"
        fixture.variables["PARAMETER_LOG_FORMAT"] = format
        fixture.variables["PARAMETER_SCRIPT_WRITE"] = "true"
        #expect(fixture.run() == 0)
        #expect(fixture.errors.contains("PARAMETER_ROLE") && fixture.errors.contains("req-1"))
        for secret in [Fixture.secretKey, Fixture.sessionToken, Fixture.requestToken, "id.token.0"] {
            #expect(!fixture.errors.contains(secret))
        }
    }

    @Test func `says at debug level where each value came from`() throws {
        let fixture = Fixture(Fixture.server())
        fixture.variables["PARAMETER_LOG_LEVEL"] = "debug"
        try fixture.write("secrets", "region", "eu-west-1")
        fixture.arguments = ["--role-session-name", "mine"]
        #expect(fixture.run() == 0)
        for line in [
            "role is '\(Fixture.role)' (from PARAMETER_ROLE)", "role_session_name is 'mine' (from --role-session-name)",
            "region is 'eu-west-1' (from \(fixture.root)/secrets/aws-credentials/region)",
        ] { #expect(fixture.errors.contains("debug: \(line)\n")) }
    }

    @Test func `does nothing at all when an option is wrong`() throws {
        let server = Fixture.server()
        let fixture = Fixture(server)
        fixture.arguments = ["--bogus"]
        fixture.variables["PARAMETER_TIMEOUT"] = "x"
        #expect(fixture.run() == 1)
        #expect(fixture.errors.split(separator: "\n").count == 2)
        #expect(server.requests.isEmpty)
    }

    /// Vela's answer, and words of the message.
    private static let velaAnswers: [(String, [String])] = [
        (
            StandIn.answer(401, #"{"error":"token is expired"}"#),
            ["Vela gave no ID token (401): token is expired", "restart the build"]
        ),
        (StandIn.answer(400, #"{"error":"invalid request"}"#), ["(400): invalid request", "running builds only"]),
        (
            StandIn.answer(404, #"{"error":"unable to read build"}"#),
            ["(404)", "does not know this repository or build"]
        ),
        (StandIn.answer(500, #"{"error":"boom"}"#), ["(500): boom", "Vela's administrator"]),
        (
            StandIn.answer(502, "<html>Bad Gateway</html>", type: "text/html"),
            ["status 502", "something between", "proxy"]
        ),
        (StandIn.answer(401, #"{"error":"bad request.token.very-secret"}"#), ["not shown"]),
        (StandIn.answer(500, #"{"error":"a\u001b[31m\nerror: b"}"#), ["a [31m error: b"]),
        (StandIn.answer(200, "<html>Log in</html>", type: "text/html"), ["200 without an ID token", "text/html"]),
        (StandIn.answer(200, #"{"token":""}"#), ["without an ID token"]),
        (StandIn.answer(200, #"{"token":"a b\r\nX: y"}"#), ["without an ID token"]),
        (
            "HTTP/1.1 302 Found\r\nLocation: https://login.example/?t=1\r\n\r\n",
            ["redirect (302) to login.example", "VELA_ID_TOKEN_REQUEST_URL"]
        ),
        ("HTTP/1.1 200 OK\r\n\r\n{}", ["not valid HTTP"]),
        ("", ["the connection broke"]),
    ]

    @Test(arguments: velaAnswers) func `says what Vela's refusal means`(answer: String, words: [String]) {
        let server = StandIn { _, _ in answer }
        let fixture = Fixture(server)
        #expect(fixture.run() == 1)
        for word in words { #expect(fixture.errors.contains(word), "\(fixture.errors)") }
        #expect(!fixture.errors.contains(Fixture.requestToken))
        // A line for each attempt, the last of which is the error.
        #expect(fixture.errors.split(separator: "\n").count == server.requests.count)
        #expect(fixture.errors.split(separator: "\n").last?.hasPrefix("error: ") == true)
    }

    @Test func `names a certificate file that is not there, before the gateway is asked`() {
        let server = Fixture.server()
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_GATEWAY_URL"] = "https://127.0.0.1:1"
        fixture.variables["PARAMETER_GATEWAY_CA"] = "/no/such/ca.pem"
        #expect(fixture.run() == 1)
        #expect(fixture.errors.contains("was not asked: the certificates in /no/such/ca.pem cannot be used"))
        #expect(fixture.errors.contains("Set gateway_ca"))
        #expect(server.requests.count == 1)
    }

    /// The gateway's answer, and words of the message.
    private static let gatewayAnswers: [(String, [String])] = [
        (
            Fixture.problem(403, "policy_denied", "No rule allows this step."),
            ["refused (403 policy_denied): No rule allows this step.", "for a rule that fits", "(request id req-9)"]
        ),
        (Fixture.problem(401, "token_audience", "Expected a."), ["parameter audience", "req-9"]),
        (Fixture.problem(418, "of_tomorrow", "New."), ["418 of_tomorrow", "those who run the gateway"]),
        (Fixture.problem(401, "token_malformed", "bad id.token.0"), ["not shown"]),
        (
            StandIn.answer(503, "<html>", type: "text/html"),
            ["not a vela-aws-gateway answered", "status 503", "gateway_url"]
        ),
        (StandIn.answer(200, "{}"), ["cannot be read", "access_key_id"]),
        (StandIn.answer(200, "{\"access_key_id\":"), ["cannot be read"]),
        (Fixture.credentials(["role": "arn:aws:iam::1:role/other"]), ["credentials for another role"]),
        (
            Fixture.credentials(["session_token": "abcdefghijklmnop'\nrm"]),
            ["'session_token' that AWS does not issue", "req-1"]
        ),
        (
            "HTTP/1.1 307 Moved\r\nLocation: https://other.example/?t=1\r\n\r\n",
            ["redirect (307) to other.example", "gateway_url"]
        ),
    ]

    @Test(arguments: gatewayAnswers) func `says what the gateway's refusal means, and asks once`(
        answer: String, words: [String]
    ) {
        let server = Fixture.server { _ in answer }
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_SCRIPT_WRITE"] = "true"
        #expect(fixture.run() == 1)
        for word in words { #expect(fixture.errors.contains(word), "\(fixture.errors)") }
        #expect(!fixture.errors.contains("id.token.0"))
        #expect(server.requests.count == 2)
        #expect(!FileManager.default.fileExists(atPath: fixture.root))
    }
}
