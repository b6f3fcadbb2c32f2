import Foundation
import Glibc
import OutboundHTTP
import Secrets
import Testing

/// What can go wrong on the way, and whether the request may have been acted on.
///
/// Where a deadline must come after the request was sent it is a second, so that a busy machine gets there.
struct FailureTests {
    @Test func `tells that nobody listens, and that nothing was sent`() async throws {
        let (descriptor, port) = try listenOnLoopback()
        close(descriptor)
        let client = try makeClient()
        let failure = await failureSending(try get("http://127.0.0.1:\(port)/"), by: client)
        guard case .cannotConnect = failure else { Issue.record("\(String(describing: failure))"); return }
        #expect(failure?.reachedServer == false)
        await client.shutdown()
    }

    @Test func `tells that a name does not resolve, and that nothing was sent`() async throws {
        let client = try makeClient()
        let failure = await failureSending(try get("https://no-such-host.invalid/"), by: client)
        guard case .cannotConnect = failure else { Issue.record("\(String(describing: failure))"); return }
        #expect(failure?.reachedServer == false)
        await client.shutdown()
    }

    @Test(arguments: [
        "no HTTP at all\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
    ])
    func `tells that the answer cannot be read`(answer: String) async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.send(answer)
        } _: { server, client in
            let failure = await failureSending(try get(server.url()), by: client)
            guard case .unreadable = failure else { Issue.record("\(String(describing: failure))"); return }
            #expect(failure?.reachedServer == true)
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
    ])
    func `tells that the answer was cut`(answer: String) async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.send(answer)
        } _: { server, client in
            let failure = await failureSending(try get(server.url()), by: client)
            guard case .interrupted = failure else { Issue.record("\(String(describing: failure))"); return }
            #expect(failure?.reachedServer == true)
        }
    }

    @Test func `cuts off a server that drips for ever`() async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.send("x") { usleep(2_000) }
        } _: { server, client in
            let failure = await failureSending(try get(server.url(), deadline: .seconds(1)), by: client)
            #expect(failure == .timedOut(requestSent: true))
            #expect(try await eventually { server.openCount == 0 })
        }
    }

    @Test func `cuts off a server that says nothing`() async throws {
        try await withServer {
            $0.waitForClose()
        } _: { server, client in
            let failure = await failureSending(try get(server.url(), deadline: .seconds(1)), by: client)
            #expect(failure == .timedOut(requestSent: true))
            #expect(failure?.reachedServer == true)
        }
    }

    @Test func `knows that nothing was sent when TLS did not come to an end in time`() async throws {
        try await withServer {
            $0.waitForClose()
        } _: { server, client in
            let url = "https://127.0.0.1:\(server.port)/"
            let failure = await failureSending(try get(url, deadline: .milliseconds(100)), by: client)
            #expect(failure == .timedOut(requestSent: false))
            #expect(failure?.reachedServer == false)
        }
    }

    @Test func `ends by its deadline while it waits for a free connection`() async throws {
        let client = try makeClient(maximumConnections: 1)
        try await withServer({ $0.waitForClose() }, client: client) { server, client in
            let first = Task { [request = try get(server.url())] in await failureSending(request, by: client) }
            #expect(try await eventually { server.connectionCount == 1 })
            let second = await failureSending(try get(server.url(), deadline: .milliseconds(50)), by: client)
            #expect(second == .timedOut(requestSent: false))
            first.cancel()
            #expect(await first.value == .cancelled(requestSent: true))
        }
    }

    @Test(arguments: [("X Y", "v"), ("", "v"), ("X:", "v"), ("X", "a\r\nB: c"), ("X", "a\u{0}"), ("X", "\u{7F}")])
    func `refuses a header that would forge another`(name: String, value: String) async throws {
        try await withServer {
            _ = $0.readRequest()
        } _: { server, client in
            var request = try get(server.url())
            request.headers = [(name, value)]
            let failure = await failureSending(request, by: client)
            guard case .invalidRequest = failure else { Issue.record("\(String(describing: failure))"); return }
            #expect(failure?.reachedServer == false && server.connectionCount == 0)
        }
    }

    @Test func `names a CA file that is none before the first request`() throws {
        #expect(throws: OutboundSetupError.caFile("/nonexistent/ca.pem")) {
            try makeClient(caFile: "/nonexistent/ca.pem")
        }
        #expect(throws: OutboundSetupError.caFile("/etc/hostname")) { try makeClient(caFile: "/etc/hostname") }
    }
}
