import Testing

@testable import ClientCLI

/// How many requests each failure costs: never more than three of a kind for one answer.
@Suite struct RequestCountTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        /// Vela's answer and the gateway's, by how many came before.
        var vela: @Sendable (Int) -> String = { Fixture.tokenAnswer($0) }
        var gateway: @Sendable (Int) -> String = { _ in Fixture.credentials() }
        let toVela: Int
        let toGateway: Int
        var status: Int32 = 1

        var testDescription: String { name }
    }

    private static let busy = Fixture.problem(503, "overloaded", "Busy.", retryable: true)
    private static func vela(_ status: Int) -> String { StandIn.answer(status, #"{"error":"no"}"#) }
    private static func page(_ status: Int) -> String { StandIn.answer(status, "<html>", type: "text/html") }

    private static let velaOnce: [Case] =
        [400, 401, 403, 404, 410, 501].map { status in
            Case(name: "Vela says \(status)", vela: { _ in vela(status) }, toVela: 1, toGateway: 0)
        } + [
            Case(name: "a proxy says 403 for Vela", vela: { _ in page(403) }, toVela: 1, toGateway: 0),
            Case(name: "a login page", vela: { _ in page(200) }, toVela: 1, toGateway: 0),
            Case(name: "Vela's answer is no HTTP", vela: { _ in "SSH-2.0\r\n" }, toVela: 1, toGateway: 0),
            Case(
                name: "Vela redirects", vela: { _ in "HTTP/1.1 302 F\r\nLocation: /x\r\n\r\n" }, toVela: 1, toGateway: 0
            ),
        ]

    private static let velaAgain: [Case] =
        [429, 500, 502, 503, 504].flatMap { status in
            [
                Case(name: "Vela says \(status)", vela: { _ in vela(status) }, toVela: 3, toGateway: 0),
                Case(name: "a proxy says \(status) for Vela", vela: { _ in page(status) }, toVela: 3, toGateway: 0),
            ]
        } + [
            Case(name: "Vela's answer is lost", vela: { _ in "" }, toVela: 3, toGateway: 0),
            Case(name: "Vela resets", vela: { _ in StandIn.reset }, toVela: 3, toGateway: 0),
            Case(
                name: "Vela comes back", vela: { $0 < 2 ? vela(503) : Fixture.tokenAnswer($0) }, toVela: 3,
                toGateway: 1, status: 0),
        ]

    private static let gatewayOnce: [Case] =
        [(400, "invalid_request"), (401, "token_replayed"), (403, "policy_denied"), (502, "sts_rejected")]
        .map { status, code in
            Case(
                name: "the gateway says \(code)", gateway: { _ in Fixture.problem(status, code, "No.") }, toVela: 1,
                toGateway: 1)
        }
        + [
            Case(name: "a proxy says 502 for the gateway", gateway: { _ in page(502) }, toVela: 1, toGateway: 1),
            Case(name: "an answer that cannot be read", gateway: { _ in page(200) }, toVela: 1, toGateway: 1),
            Case(name: "the gateway's answer is no HTTP", gateway: { _ in "SSH-2.0\r\n" }, toVela: 1, toGateway: 1),
            Case(
                name: "the gateway redirects", gateway: { _ in "HTTP/1.1 307 T\r\nLocation: /x\r\n\r\n" }, toVela: 1,
                toGateway: 1),
        ]

    private static let gatewayAgain: [Case] = [
        Case(name: "the gateway is busy", gateway: { _ in busy }, toVela: 3, toGateway: 3),
        Case(
            name: "the gateway comes back", gateway: { $0 < 2 ? busy : Fixture.credentials() }, toVela: 3, toGateway: 3,
            status: 0),
        Case(name: "the gateway's answer is lost", gateway: { _ in "" }, toVela: 3, toGateway: 3),
        Case(name: "the gateway resets", gateway: { _ in StandIn.reset }, toVela: 3, toGateway: 3),
        Case(
            name: "half an answer", gateway: { $0 == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{" : busy },
            toVela: 3, toGateway: 3),
        Case(
            name: "a refusal ends the attempts",
            gateway: { $0 == 0 ? busy : Fixture.problem(403, "policy_denied", "No.") }, toVela: 2, toGateway: 2),
        Case(
            name: "both fail now and then", vela: { $0 % 2 == 0 ? vela(503) : Fixture.tokenAnswer($0) },
            gateway: { _ in busy }, toVela: 6, toGateway: 3),
    ]

    @Test(arguments: velaOnce + velaAgain + gatewayOnce + gatewayAgain)
    func `asks no more often than the failure allows`(failure: Case) {
        let server = StandIn { request, earlier in
            request.line.contains("/id_token") ? failure.vela(earlier) : failure.gateway(earlier)
        }
        let fixture = Fixture(server)
        #expect(fixture.run() == failure.status, "\(fixture.errors)")
        #expect(server.requests(to: "/api").count == failure.toVela)
        let toGateway = server.requests(to: "/v1/credentials")
        #expect(toGateway.count == failure.toGateway)
        // Each of them with a token of its own.
        #expect(Set(toGateway.compactMap { $0.header("Authorization") }).count == failure.toGateway)
    }

    @Test(arguments: ["VELA_ID_TOKEN_REQUEST_URL", "PARAMETER_GATEWAY_URL"])
    func `tries three times to connect, and asks for one token at most`(variable: String) {
        let server = Fixture.server()
        let fixture = Fixture(server)
        fixture.variables[variable] = "http://127.0.0.1:\(StandIn.unusedPort())"
        #expect(fixture.run() == 1)
        #expect(fixture.pauses.count == 2)
        #expect(server.requests.count == (variable == "PARAMETER_GATEWAY_URL" ? 1 : 0))
    }

    @Test(arguments: [(403, 1), (407, 1), (302, 1), (429, 3), (502, 3), (503, 3), (504, 3)])
    func `asks a proxy again for what may pass, with the token that nobody saw`(status: Int, asked: Int) {
        let server = StandIn { request, earlier in
            request.line.hasPrefix("CONNECT ") ? StandIn.answer(status, "") : Fixture.tokenAnswer(earlier)
        }
        let fixture = Fixture(server)
        fixture.variables["PARAMETER_GATEWAY_URL"] = "https://gateway.example"
        fixture.variables["HTTPS_PROXY"] = server.url
        #expect(fixture.run() == 1)
        #expect(server.requests(to: "gateway.example:443 ").count == asked)
        #expect(server.requests(to: "/api").count == 1)
        #expect(!server.requests.contains { $0.line.hasPrefix("CONNECT ") && $0.head.contains("Authorization") })
    }
}
