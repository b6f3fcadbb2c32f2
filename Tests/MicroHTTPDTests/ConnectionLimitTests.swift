import MicroHTTPD
import Testing

/// More connections than allowed.
@Suite struct ConnectionLimitTests {
    @Test func `turns away connections over the limit and takes new ones when old ones end`() async throws {
        try await withServer(.loopback { $0.maximumConnections = 2 }) { server in
            let port = server.boundPort
            let (turnedAway, again) = try await onOwnThread {
                var held = try (0..<2).map { _ in try BlockingClient(port: port) }
                for client in held { _ = try client.exchange(BlockingClient.get("/")) }
                let turnedAway = try BlockingClient(port: port).answer().status
                held.removeLast()
                for _ in 0..<4_000 where server.statistics.connections > 1 { pause() }
                return (turnedAway, try BlockingClient(port: port).exchange(BlockingClient.get("/")).status)
            }
            #expect(turnedAway == 503)
            #expect(again == 200)
            #expect(server.statistics.refusedByLimit == 1)
            #expect(server.statistics.refusedByAddressLimit == 0)
        }
    }

    @Test func `counts each address by itself`() async throws {
        let configuration = HTTPServerConfiguration(address: .ip(host: "::", port: 0))
        var limited = configuration
        limited.maximumConnectionsPerAddress = 1
        try await withServer(limited) { server in
            let port = server.boundPort
            let statuses = try await onOwnThread {
                let held = try BlockingClient(port: port)
                let first = try held.exchange(BlockingClient.get("/")).status
                let second = try BlockingClient(port: port).answer().status
                let other = try BlockingClient(port: port, overIPv6: true).exchange(BlockingClient.get("/")).status
                return [first, second, other, try held.exchange(BlockingClient.get("/")).status]
            }
            #expect(statuses == [200, 503, 200, 200])
            #expect(server.statistics.refusedByAddressLimit == 1)
        }
    }

    @Test func `survives many more connections than allowed`() async throws {
        try await withServer(.loopback { $0.maximumConnections = 8 }) { server in
            let port = server.boundPort
            let statuses = try await onOwnThread {
                var held: [BlockingClient] = []
                for _ in 0..<200 { held.append(try BlockingClient(port: port)) }
                for _ in 0..<4_000 where server.statistics.refusedByLimit < 192 { pause() }
                held.removeAll()
                for _ in 0..<4_000 where server.statistics.connections > 0 { pause() }
                return try (0..<8).map { _ in try BlockingClient(port: port).exchange(BlockingClient.get("/")).status }
            }
            #expect(statuses == Array(repeating: 200, count: 8))
            #expect(server.statistics.refusedByLimit == 192)
        }
    }
}
