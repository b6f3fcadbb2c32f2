import MicroHTTPD
import Testing

/// Whoever is too slow.
@Suite struct TimeLimitTests {
    /// Sends `head`, then one byte at a time, until the server ends the connection. False when it never does.
    private static func isCutOff(port: UInt16, sending head: String, thenForever piece: String) async throws -> Bool {
        try await onOwnThread {
            let client = try BlockingClient(port: port)
            do {
                try client.send(head)
                for _ in 0..<4_000 {
                    try client.send(piece)
                    pause()
                }
                return false
            } catch BlockingClient.Failure.ended {
                return true
            }
        }
    }

    @Test func `cuts headers that come byte by byte`() async throws {
        try await withServer(.loopback { $0.headerDeadline = .milliseconds(100) }) { server in
            let head = "GET / HTTP/1.1\r\nX: "
            let isCutOff = try await Self.isCutOff(port: server.boundPort, sending: head, thenForever: "x")
            #expect(isCutOff)
            #expect(server.statistics.reaped == 1)
            #expect(server.statistics.handledRequests == 0)
            #expect(try await eventually { server.statistics.connections == 0 && server.statistics.openRequests == 0 })
        }
    }

    @Test func `cuts a request line that comes byte by byte`() async throws {
        try await withServer(.loopback { $0.headerDeadline = .milliseconds(100) }) { server in
            let isCutOff = try await Self.isCutOff(port: server.boundPort, sending: "GET /", thenForever: "x")
            #expect(isCutOff)
        }
    }

    @Test func `cuts slow headers of a later request`() async throws {
        let configuration = HTTPServerConfiguration.loopback { $0.headerDeadline = .milliseconds(200) }
        try await withServer(configuration) { server in
            let head = BlockingClient.get("/first") + "GET / HTTP/1.1\r\nX: "
            let isCutOff = try await Self.isCutOff(port: server.boundPort, sending: head, thenForever: "x")
            #expect(isCutOff)
            #expect(server.statistics.handledRequests == 1)
        }
    }

    @Test(arguments: ["Content-Length: 50000", "Transfer-Encoding: chunked"])
    func `cuts a body that comes byte by byte`(framing: String) async throws {
        try await withServer(.loopback { $0.bodyDeadline = .milliseconds(100) }) { server in
            let head = "POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n"
            let piece = framing.hasPrefix("T") ? "1\r\nx\r\n" : "x"
            let isCutOff = try await Self.isCutOff(port: server.boundPort, sending: head, thenForever: piece)
            #expect(isCutOff)
            #expect(server.statistics.handledRequests == 0)
            #expect(try await eventually { server.statistics.connections == 0 && server.statistics.openRequests == 0 })
        }
    }

    @Test func `ends a connection that says nothing`() async throws {
        try await withServer(.loopback { $0.headerDeadline = .milliseconds(100) }) { server in
            let port = server.boundPort
            let hasEnded = try await onOwnThread { try BlockingClient(port: port).hasEnded() }
            #expect(hasEnded)
        }
    }

    @Test func `ends a connection that lies idle after an answer`() async throws {
        try await withServer(.loopback { $0.idleTimeout = .milliseconds(100) }) { server in
            let port = server.boundPort
            let hasEnded = try await onOwnThread {
                let client = try BlockingClient(port: port)
                _ = try client.exchange(BlockingClient.get("/"))
                return try client.hasEnded()
            }
            #expect(hasEnded)
        }
    }

    @Test func `ends a connection that does not take its answer`() async throws {
        let large = HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 0x78, count: 32 << 20)))
        try await withServer(.loopback { $0.bodyDeadline = .milliseconds(200) }, handler: { _ in large }) { server in
            let port = server.boundPort
            let isReaped = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send(BlockingClient.get("/"))
                for _ in 0..<4_000 where server.statistics.reaped == 0 { pause() }
                return server.statistics.reaped == 1
            }
            #expect(isReaped)
        }
    }

    @Test func `answers for a handler past its deadline and cancels it`() async throws {
        let configuration = HTTPServerConfiguration.loopback {
            $0.requestDeadline = .milliseconds(50)
            $0.requestDeadlineMargin = .milliseconds(50)
        }
        let wasCancelled = Record<Bool>()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            do { try await Task.sleep(for: .seconds(600)) } catch { await wasCancelled.add(true) }
            return HTTPResponse(status: 200)
        }
        try await withServer(configuration, handler: handler) { server in
            let port = server.boundPort
            let statuses = try await onOwnThread {
                let client = try BlockingClient(port: port)
                return try (0..<2).map { _ in try client.exchange(BlockingClient.get("/")).status }
            }
            #expect(statuses == [503, 503])
            // Counted just after the answer.
            #expect(try await eventually { server.statistics.overdue == 2 })
            #expect(try await eventually { server.statistics.inFlight == 0 })
            let areCancelled = try await eventually { await wasCancelled.elements.count == 2 }
            #expect(areCancelled)
        }
    }

    @Test func `leaves nothing behind when the client goes while its handler works`() async throws {
        let door = Door()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            await door.pass()
            return echoAtOnce(request)
        }
        try await withServer(handler: handler) { server in
            let port = server.boundPort
            try await onOwnThread {
                for _ in 0..<10 { try BlockingClient(port: port).send(BlockingClient.get("/")) }
            }
            let haveArrived = try await eventually { await door.arrivals == 10 }
            #expect(haveArrived)
            #expect(server.statistics.inFlight == 10)
            await door.open()
            #expect(
                try await eventually {
                    let now = server.statistics
                    return now.inFlight == 0 && now.openRequests == 0 && now.connections == 0
                })
        }
    }
}
