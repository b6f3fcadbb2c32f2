import Glibc
import MicroHTTPD
import Secrets
import Testing

/// What a well-behaved client may do.
@Suite struct ConversationTests {
    @Test func `hands over method, path, query, headers, authorization and body`() async throws {
        let seen = Record<String>()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            let authorization = request.authorization == Secret("Bearer abc")
            let hidden = request.headers["authorization"] == nil && request.headers["x-amz-security-token"] == nil
            let body = request.body == Secret("body")
            await seen.add("\(request.method) \(request.path) \(request.query ?? "-")")
            await seen.add("\(authorization) \(hidden) \(body)")
            await seen.add(request.headers.all("x-two").joined(separator: "|"))
            await seen.add("\(request) \(request.peer.host)")
            return HTTPResponse(status: 204)
        }
        try await withServer(handler: handler) { server in
            let port = server.boundPort
            let status = try await onOwnThread {
                try BlockingClient(port: port).exchange(
                    """
                    POST /a%2Fb?c=d%20e HTTP/1.1\r\nHost: x\r\nauthorization: Bearer abc \r\nX-Amz-Security-Token: t\r
                    X-Two: 1\r\nx-two:2\r\nContent-Length: 4\r\n\r\nbody
                    """
                ).status
            }
            #expect(status == 204)
            #expect(
                await seen.elements == ["post /a%2Fb c=d%20e", "true true true", "1|2", "POST /a%2Fb 127.0.0.1"])
        }
    }

    @Test(arguments: [true, false]) func `answers HEAD as GET without a body`(atOnce: Bool) async throws {
        try await withServer(handler: { atOnce ? echoAtOnce($0) : await echo($0) }) { server in
            let port = server.boundPort
            let (head, get) = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n")
                return (try client.answer(toHead: true), try client.exchange(BlockingClient.get("/x")))
            }
            #expect(head.status == 200)
            #expect(head.has("Content-Length: \(get.body.utf8.count)"))
            #expect(get.body == "GET /x - ")
        }
    }

    @Test func `keeps a connection for many requests`() async throws {
        try await withServer { server in
            let port = server.boundPort
            let bodies = try await onOwnThread {
                let client = try BlockingClient(port: port)
                return try (0..<50).map { try client.exchange(BlockingClient.post("/\($0)", "b\($0)")).body }
            }
            #expect(bodies == (0..<50).map { "POST /\($0) - b\($0)" })
            #expect(server.statistics.acceptedConnections == 1)
        }
    }

    @Test func `answers pipelined requests in order`() async throws {
        try await withServer { server in
            let port = server.boundPort
            let bodies = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send((0..<20).map { BlockingClient.post("/\($0)", "b\($0)") }.joined())
                return try (0..<20).map { _ in try client.answer().body }
            }
            #expect(bodies == (0..<20).map { "POST /\($0) - b\($0)" })
        }
    }

    @Test func `puts a chunked body together`() async throws {
        try await withServer { server in
            let port = server.boundPort
            let answers = try await onOwnThread {
                let client = try BlockingClient(port: port)
                let head = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                let first = try client.exchange(head + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n")
                for piece in [head, "1", "\r\nh\r", "\n0\r\n", "\r\n"] { try client.send(piece) }
                return [first.body, try client.answer().body]
            }
            #expect(answers == ["POST /c - abcdefg", "POST /c - h"])
        }
    }

    @Test func `says 100 Continue to a body it wants`() async throws {
        try await withServer { server in
            let port = server.boundPort
            let (interim, final) = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
                let interim = try client.answer()
                return (interim.status, try client.exchange("abc").body)
            }
            #expect(interim == 100)
            #expect(final == "POST / - abc")
        }
    }

    @Test func `ends the connection of an HTTP/1.0 client`() async throws {
        try await withServer { server in
            let port = server.boundPort
            let (body, hasEnded) = try await onOwnThread {
                let client = try BlockingClient(port: port)
                return (try client.exchange("GET /old HTTP/1.0\r\n\r\n").body, try client.hasEnded())
            }
            #expect(body == "GET /old - ")
            #expect(hasEnded)
        }
    }

    @Test(arguments: ["::1", "::"]) func `serves over IPv6`(host: String) async throws {
        let configuration = HTTPServerConfiguration(address: .ip(host: host, port: 0))
        try await withServer(configuration, handler: { .text(200, $0.peer.host) }) { server in
            let port = server.boundPort
            let body = try await onOwnThread {
                try BlockingClient(port: port, overIPv6: true).exchange(BlockingClient.get("/")).body
            }
            #expect(body == "::1\n")
        }
    }

    @Test func `shows an IPv4 client of a dual-stack listener as IPv4`() async throws {
        let configuration = HTTPServerConfiguration(address: .ip(host: "::", port: 0))
        try await withServer(configuration, handler: { .text(200, $0.peer.host) }) { server in
            let port = server.boundPort
            let body = try await onOwnThread { try BlockingClient(port: port).exchange(BlockingClient.get("/")).body }
            #expect(body == "127.0.0.1\n")
        }
    }

    @Test func `serves over a Unix socket that only its owner may use, and removes it`() async throws {
        let path = "/tmp/microhttpd-test-\(getpid()).sock"
        let configuration = HTTPServerConfiguration(address: .unix(path: path))
        try await withServer(configuration, handler: { .text(200, "\($0.peer)") }) { _ in
            let body = try await onOwnThread { try BlockingClient(path: path).exchange(BlockingClient.get("/")).body }
            #expect(body == "unix\n")
            var status = stat()
            #expect(unsafe stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
        #expect(unsafe access(path, F_OK) != 0)
    }

    @Test(arguments: ["a\r\nSet-Cookie: b", "a\nSet-Cookie: b", "a\0b", "a\u{7F}b"])
    func `does not send a header that would split the answer or lose its end`(value: String) async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            HTTPResponse(status: 200, headers: [("X", value)])
        }
        try await withServer(handler: handler) { server in
            let port = server.boundPort
            let answer = try await onOwnThread { try BlockingClient(port: port).exchange(BlockingClient.get("/")) }
            #expect(answer.status == 500)
            #expect(!answer.head.contains("Set-Cookie"))
        }
    }

    @Test func `never mixes the answers of two connections`() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            for _ in 0..<(request.path.utf8.count % 4) { await Task.yield() }
            return echoAtOnce(request)
        }
        try await withServer(loops: 4, handler: handler) { server in
            let port = server.boundPort
            let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
                for connection in 0..<32 {
                    group.addTask {
                        try await onOwnThread {
                            let client = try BlockingClient(port: port)
                            return try (0..<100).count { number in
                                let body = String(repeating: "\(connection)-\(number);", count: 1 + number % 50)
                                let answer = try client.exchange(BlockingClient.post("/\(connection)/\(number)", body))
                                return answer.body != "POST /\(connection)/\(number) - \(body)"
                            }
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(wrong == 0)
            #expect(server.statistics.handledRequests == 3_200)
        }
    }
}
