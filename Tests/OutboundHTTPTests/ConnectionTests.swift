import Foundation
import Glibc
import OutboundHTTP
import Secrets
import Testing

/// How connections are made, kept, shared and ended.
struct ConnectionTests {
    @Test func `uses one connection for requests in turn`() async throws {
        try await withServer { connection in
            while connection.readRequest() != nil { connection.answer(body: "ok") }
        } _: { server, client in
            for _ in 0..<10 {
                let answer = try await client.send(try get(server.url()))
                #expect(answer.status == 200)
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `opens a new connection where the server has closed the old one`() async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.answer(body: "ok")
        } _: { server, client in
            for _ in 0..<5 {
                let answer = try await client.send(try get(server.url()))
                #expect(answer.body.text == "ok")
            }
            #expect(server.connectionCount == 5)
        }
    }

    @Test func `sends no POST twice when a kept connection dies under it`() async throws {
        let requests = Shared(0)
        try await withServer { connection in
            while connection.readRequest() != nil {
                // The second request of a connection is read, and the connection ends without an answer.
                guard
                    requests.update({
                        $0 += 1; return $0
                    }) != 2
                else { return }
                connection.answer(body: "ok")
            }
        } _: { server, client in
            var request = try get(server.url())
            request.method = .post
            request.body = Secret("once")
            #expect(await failureSending(request, by: client) == nil)
            guard case .interrupted = await failureSending(request, by: client) else {
                Issue.record("the second request did not fail")
                return
            }
            #expect(requests.value == 2)
            #expect(await failureSending(request, by: client) == nil)
        }
    }

    @Test func `sends a GET once more, on a new connection, when a kept one dies under it`() async throws {
        let requests = Shared(0)
        try await withServer { connection in
            while connection.readRequest() != nil {
                guard
                    requests.update({
                        $0 += 1; return $0
                    }) != 2
                else { return }
                connection.answer(body: "ok")
            }
        } _: { server, client in
            for _ in 0..<2 {
                let answer = try await client.send(try get(server.url()))
                #expect(answer.body.text == "ok")
            }
            #expect(requests.value == 3 && server.connectionCount == 2)
        }
    }

    @Test func `sends a GET no third time`() async throws {
        let requests = Shared(0)
        try await withServer { connection in
            while connection.readRequest() != nil {
                guard
                    requests.update({
                        $0 += 1; return $0
                    }) == 1
                else { return }
                connection.answer(body: "ok")
            }
        } _: { server, client in
            let request = try get(server.url())
            #expect(await failureSending(request, by: client) == nil)
            guard case .interrupted = await failureSending(request, by: client) else {
                Issue.record("the second request did not fail")
                return
            }
            #expect(requests.value == 3)
        }
    }

    @Test func `gives each of 64 requests at once its own answer`() async throws {
        let arrived = Shared(0)
        try await withServer { connection in
            guard let request = connection.readRequest() else { return }
            arrived.update { $0 += 1 }
            // Nobody is answered before all have come: fewer at once would end in a deadline.
            while arrived.value < 64 { usleep(1_000) }
            connection.answer(body: String(request.split(separator: " ")[1]))
        } _: { server, client in
            let bodies = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for index in 0..<64 {
                    let request = try get(server.url("/\(index)"))
                    group.addTask { (index, try await client.send(request).body.text) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(bodies == Dictionary(uniqueKeysWithValues: (0..<64).map { ($0, "/\($0)") }))
        }
    }

    @Test func `keeps to its number of connections and serves all in the end`() async throws {
        let client = try makeClient(maximumConnections: 2)
        try await withServer(
            { connection in
                while connection.readRequest() != nil { connection.answer(body: "ok") }
            }, client: client
        ) { server, client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    let request = try get(server.url())
                    group.addTask { try await client.send(request).status }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(server.connectionCount <= 2)
        }
    }

    @Test func `cancelling a task ends its transfer and leaves the others alone`() async throws {
        let client = try makeClient()
        try await withServer(
            { connection in
                guard let request = connection.readRequest() else { return }
                if request.hasPrefix("GET /ok") { connection.answer(body: "ok") } else { connection.waitForClose() }
            }, client: client
        ) { server, client in
            let slow = Task { [request = try get(server.url("/slow"))] in await failureSending(request, by: client) }
            #expect(try await eventually { server.openCount == 1 })
            slow.cancel()
            let failure = await slow.value
            guard case .cancelled = failure else { Issue.record("\(String(describing: failure))"); return }
            #expect(try await eventually { server.openCount == 0 })
            let answer = try await client.send(try get(server.url("/ok")))
            #expect(answer.body.text == "ok")
        }
    }

    @Test func `a task cancelled before it sends gets no answer`() async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.answer()
        } _: { server, client in
            let request = try get(server.url())
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return await failureSending(request, by: client)
            }
            task.cancel()
            guard case .cancelled = await task.value else { Issue.record("sent by a cancelled task"); return }
        }
    }

    @Test func `survives cancellation at any moment`() async throws {
        try await withServer { connection in
            while connection.readRequest() != nil { connection.answer(body: "ok") }
        } _: { server, client in
            let request = try get(server.url())
            for round in 0..<200 {
                let task = Task { await failureSending(request, by: client) }
                for _ in 0..<(round % 20) { await Task.yield() }
                task.cancel()
                switch await task.value {
                case nil, .cancelled: continue
                case let other?: Issue.record("\(other)")
                }
            }
            let answer = try await client.send(request)
            #expect(answer.body.text == "ok")
        }
    }

    @Test func `shutting down ends transfers in flight and refuses later ones`() async throws {
        let client = try makeClient()
        let server = try ScriptedServer { $0.waitForClose() }
        defer { server.stop() }
        let request = try get(server.url())
        let tasks = (0..<8).map { _ in Task { await failureSending(request, by: client) } }
        #expect(try await eventually { server.openCount == 8 })
        await client.shutdown()
        for task in tasks {
            guard case .closed = await task.value else { Issue.record("not closed"); continue }
        }
        #expect(await failureSending(request, by: client) == .closed(requestSent: false))
        #expect(try await eventually { server.openCount == 0 })
        await client.shutdown()
    }

    @Test func `closes its connections when it is dropped without a shutdown`() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil { connection.answer(body: "ok") }
        }
        defer { server.stop() }
        var client: OutboundHTTPClient? = try makeClient()
        #expect(try await client?.send(try get(server.url())).status == 200)
        #expect(server.openCount == 1)
        client = nil
        #expect(try await eventually { server.openCount == 0 })
    }
}
