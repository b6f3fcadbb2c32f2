import MicroHTTPD
import Testing

/// Requests that are answered before their body is read, or instead of their handler.
@Suite struct EarlyAnswerTests {
    /// One route: POST /json, of JSON.
    @Sendable static func prepare(_ head: HTTPRequestHead) -> HTTPResponse? {
        guard head.path == "/json" else { return .text(404, "no such route") }
        guard head.method == .post else { return HTTPResponse(status: 405, headers: [("Allow", "POST")]) }
        guard head.headers["Content-Type"] == "application/json" else { return .text(415, "JSON only") }
        return nil
    }

    static let configuration = HTTPServerConfiguration.loopback { $0.maximumBodyBytes = 1_000 }
    static let json = "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

    /// Sends `requests` over one connection and gives the answers to each.
    private func answers(to requests: [String]) async throws -> [BlockingClient.Answer] {
        let answers = Record<[BlockingClient.Answer]>()
        try await withServer(Self.configuration, prepare: Self.prepare) { server in
            let port = server.boundPort
            await answers.add(
                try await onOwnThread {
                    let client = try BlockingClient(port: port)
                    return try requests.map { try client.exchange($0) }
                })
            #expect(try await eventually { server.statistics.openRequests == 0 })
        }
        return await answers.elements.flatMap(\.self)
    }

    @Test func `answers 404, 405 with Allow and 415 from prepare and keeps the connection`() async throws {
        let answers = try await answers(to: [
            BlockingClient.get("/nowhere"), BlockingClient.post("/nowhere", "some body"), BlockingClient.get("/json"),
            BlockingClient.post("/json", "<xml/>"), Self.json + "Content-Length: 2\r\n\r\n{}",
        ])
        #expect(answers.map(\.status) == [404, 404, 405, 415, 200])
        #expect(answers[2].has("Allow: POST"))
    }

    @Test(arguments: ["FOO", "CONNECTX", "get", "PROPFIND"])
    func `answers 501 to a method unknown`(method: String) async throws {
        let answers = try await answers(to: ["\(method) /json HTTP/1.1\r\nHost: a\r\n\r\n"])
        #expect(answers.map(\.status) == [501])
    }

    @Test func `answers 413 to a length over the cap without waiting for the body`() async throws {
        let answers = try await answers(to: [Self.json + "Content-Length: 1001\r\n\r\n"])
        #expect(answers.map(\.status) == [413])
        #expect(answers[0].has("Connection: close"))
    }

    @Test func `takes a body of exactly the cap`() async throws {
        let body = String(repeating: "x", count: 1_000)
        let chunked = Self.json + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n\(body)\r\n0\r\n\r\n"
        let answers = try await answers(to: [Self.json + "Content-Length: 1000\r\n\r\n\(body)", chunked])
        #expect(answers.map(\.status) == [200, 200])
    }

    @Test func `answers 413 to chunks over the cap`() async throws {
        let chunk = "1f4\r\n\(String(repeating: "x", count: 500))\r\n"
        let answers = try await answers(to: [
            Self.json + "Transfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)1\r\ny\r\n0\r\n\r\n"
        ])
        #expect(answers.map(\.status) == [413])
    }

    @Test func `lets a client that sends far too much read why`() async throws {
        // More than all socket buffers on the way hold, so that sending fails when the server resets the connection.
        let body = String(repeating: "x", count: 16_000_000)
        let answers = try await answers(to: [Self.json + "Content-Length: 16000000\r\n\r\n\(body)"])
        #expect(answers.map(\.status) == [413])
    }

    @Test func `gives up on chunks without end`() async throws {
        try await withServer(Self.configuration) { server in
            let port = server.boundPort
            let wasCut = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "2710\r\n\(String(repeating: "x", count: 10_000))\r\n"
                do {
                    for _ in 0..<10_000 { try client.send(chunk) }
                    return false
                } catch BlockingClient.Failure.ended {
                    return true
                }
            }
            #expect(wasCut)
            #expect(try await eventually { server.statistics.connections == 0 })
        }
    }

    @Test(arguments: [
        ("POST /nowhere HTTP/1.1\r\nContent-Length: 3\r\n", 404),
        ("POST /nowhere HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 404),
        ("POST /json HTTP/1.1\r\nContent-Length: 3\r\n", 415),
        ("POST /json HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1001\r\n", 413),
    ])
    func `refuses instead of 100 Continue`(head: String, status: Int) async throws {
        let answers = try await answers(to: [head + "Host: a\r\nExpect: 100-continue\r\n\r\n"])
        #expect(answers.map(\.status) == [status])
        #expect(answers[0].has("Connection: close"))
    }

    @Test func `makes refusals by the closures given`() async throws {
        let server = try HTTPServer.start(
            .loopback(),
            refusal: { refusal, head in
                HTTPResponse(
                    status: refusal.status, headers: [("X-Refusal", "\(refusal)"), ("X-Path", head?.path ?? "unread")])
            },
            handler: echo)
        let port = server.boundPort
        let answers = try await onOwnThread {
            try [
                "GET / HTTP/1.1\r\n\r\n", "BREW /x HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /y HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n",
            ].map {
                try BlockingClient(port: port).exchange($0)
            }
        }
        await server.stop()
        #expect(answers[0].head.contains("missingHost") && answers[0].has("X-Path: unread"))
        #expect(answers[1].has("X-Refusal: unknownMethod") && answers[1].has("X-Path: /x"))
        #expect(answers[2].head.contains("bodyTooLarge") && answers[2].has("X-Path: /y"))
    }
}
