import MicroHTTPD
import Testing

/// The end of a server.
@Suite struct DrainTests {
    @Test func `answers what is in flight, then ends`() async throws {
        let door = Door()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            await door.pass()
            return echoAtOnce(request)
        }
        let server = try HTTPServer.start(.loopback(), handler: handler)
        let port = server.boundPort
        let clients = Task {
            try await onOwnThread {
                let clients = try (0..<40).map { _ in try BlockingClient(port: port) }
                for (number, client) in clients.enumerated() { try client.send(BlockingClient.post("/\(number)", "b")) }
                return try clients.map { try $0.answer() }
            }
        }
        let haveArrived = try await eventually { await door.arrivals == 40 }
        #expect(haveArrived)
        async let end: Void = server.drain(delay: .zero, grace: .seconds(60))
        #expect(try await eventually { try Self.refusesConnections(port) })
        #expect(server.statistics.inFlight == 40)
        await door.open()
        let answers = try await clients.value
        await end
        #expect(answers.map(\.body) == (0..<40).map { "POST /\($0) - b" })
        #expect(answers.allSatisfy { $0.has("Connection: close") })
        #expect(server.statistics.connections == 0)
    }

    @Test func `still accepts during the delay, and asks clients to leave`() async throws {
        let server = try HTTPServer.start(.loopback(), handler: echo)
        let port = server.boundPort
        let before = try await onOwnThread { try BlockingClient(port: port).exchange(BlockingClient.get("/")) }
        #expect(!before.has("Connection: close"))
        async let end: Void = server.drain(delay: .seconds(600), grace: .seconds(600))
        let isAskedToLeave = try await onOwnThread {
            for _ in 0..<4_000 {
                let answer = try BlockingClient(port: port).exchange(BlockingClient.get("/"))
                if answer.status == 200 && answer.has("Connection: close") { return true }
            }
            return false
        }
        #expect(isAskedToLeave)
        // A second call hurries the first.
        await server.stop()
        await end
        let isRefusing = try Self.refusesConnections(port)
        #expect(isRefusing)
        await server.stop()
    }

    @Test func `loses no accepted connection while clients keep coming`() async throws {
        let server = try HTTPServer.start(.loopback(), handler: echo)
        let port = server.boundPort
        let clients = (0..<8).map { _ in
            Task {
                try await onOwnThread {
                    var answered = 0
                    while true {
                        guard let client = try BlockingClient.orRefused(port: port) else { return answered }
                        guard try client.exchange(BlockingClient.get("/")).status == 200 else { return -1 }
                        answered += 1
                    }
                }
            }
        }
        #expect(try await eventually { server.statistics.handledRequests > 200 })
        await server.drain(delay: .zero, grace: .seconds(60))
        for client in clients { #expect(try await client.value > 0) }
    }

    @Test func `cancels what outlasts the grace and sends its last words`() async throws {
        // As long as it may take: a handler that obeys ends the wait.
        let configuration = HTTPServerConfiguration.loopback { $0.requestDeadlineMargin = .seconds(120) }
        let status = try await Self.statusWhenStopped(configuration) { _ in
            do { try await Task.sleep(for: .seconds(600)) } catch { return .text(500, "cancelled") }
            return HTTPResponse(status: 200)
        }
        #expect(status == 500)
    }

    @Test func `answers for a handler that does not obey`() async throws {
        let door = Door()
        let configuration = HTTPServerConfiguration.loopback { $0.requestDeadlineMargin = .milliseconds(20) }
        let status = try await Self.statusWhenStopped(configuration) { _ in
            await door.pass()
            return HTTPResponse(status: 200)
        }
        await door.open()
        #expect(status == 503)
    }

    @Test func `stops a hundred times under load`() async throws {
        for _ in 0..<100 {
            let server = try HTTPServer.start(.loopback(), handler: echo)
            let port = server.boundPort
            let clients = (0..<4).map { _ in
                Task {
                    try await onOwnThread {
                        let client = try BlockingClient(port: port)
                        // Until the server ends the connection, which may be in the middle of anything.
                        while let answer = try? client.exchange(BlockingClient.get("/")), answer.status == 200 {
                            continue
                        }
                    }
                }
            }
            #expect(try await eventually { server.statistics.handledRequests > 40 })
            await server.stop()
            #expect(server.statistics.inFlight == 0)
            #expect(server.statistics.openRequests == 0)
            for client in clients { _ = await client.result }
        }
    }

    @Test func `frees its port and says when an address is taken`() async throws {
        // An address that no other test binds or connects from, so that nobody takes the port in between.
        let free = HTTPServerConfiguration(address: .ip(host: "127.0.0.77", port: 0))
        let first = try HTTPServer.start(free, handler: echo)
        let address = ListenAddress.ip(host: "127.0.0.77", port: first.boundPort)
        #expect(throws: HTTPServerError.cannotListen(address: "\(address)", reason: "Address already in use")) {
            try HTTPServer.start(HTTPServerConfiguration(address: address), handler: echo)
        }
        await first.stop()
        let second = try HTTPServer.start(HTTPServerConfiguration(address: address), handler: echo)
        await second.stop()
    }

    /// The answer to a request whose server is stopped while the handler has it.
    private static func statusWhenStopped(
        _ configuration: HTTPServerConfiguration, handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) async throws -> Int {
        let server = try HTTPServer.start(configuration, handler: handler)
        let port = server.boundPort
        let status = Task {
            try await onOwnThread { try BlockingClient(port: port).exchange(BlockingClient.get("/")).status }
        }
        let isInFlight = try await eventually { server.statistics.inFlight == 1 }
        #expect(isInFlight)
        await server.stop()
        return try await status.value
    }

    private static func refusesConnections(_ port: UInt16) throws -> Bool {
        try BlockingClient.orRefused(port: port) == nil
    }
}
