import OutboundHTTP
import Secrets
import Testing

/// What a server may answer, and what the client makes of it.
struct AnswerTests {
    @Test func `returns status, headers and body of a GET`() async throws {
        let seen = Shared("")
        try await withServer { connection in
            seen.update { $0 = connection.readRequest() ?? "" }
            connection.answer(headers: ["ETag:  \"a:b\" ", "x-twice: 1", "X-Twice: 2"], body: "hello")
        } _: { server, client in
            let answer = try await client.send(try get(server.url("/a/../b?c=d%20e")))
            #expect(answer.status == 200 && answer.body.text == "hello")
            #expect(
                answer.header("etag") == "\"a:b\"" && answer.header("X-TWICE") == "1" && answer.header("none") == nil)
            #expect(seen.value.hasPrefix("GET /a/../b?c=d%20e HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
            #expect(seen.value.contains("User-Agent: test/1\r\n"))
        }
    }

    @Test func `posts the body and the headers, secret ones too`() async throws {
        let seen = Shared("")
        try await withServer { connection in
            seen.update { $0 = connection.readRequest() ?? "" }
            connection.answer(body: "ok")
        } _: { server, client in
            var request = try get(server.url())
            request.method = .post
            request.headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Empty", "")]
            request.secretHeaders = [("Authorization", Secret("Bearer abc"))]
            request.body = Secret("a=b\u{0}c")
            let answer = try await client.send(request)
            #expect(answer.body.text == "ok")
            #expect(seen.value.hasPrefix("POST / HTTP/1.1\r\n") && seen.value.hasSuffix("\r\n\r\na=b\u{0}c"))
            for line in [
                "Content-Type: text/plain; charset=utf-8", "X-Empty:", "Authorization: Bearer abc", "Content-Length: 5",
            ] {
                #expect(seen.value.contains("\r\n\(line)\r\n"))
            }
        }
    }

    @Test(arguments: [0, 1, 2_000_000])
    func `posts a body of any length without waiting for 100 Continue`(count: Int) async throws {
        let seen = Shared("")
        try await withServer { connection in
            seen.update { $0 = connection.readRequest() ?? "" }
            connection.answer(body: "ok")
        } _: { server, client in
            var request = try get(server.url())
            request.method = .post
            request.body = Secret(String(repeating: "x", count: count))
            let answer = try await client.send(request)
            #expect(answer.status == 200)
            #expect(seen.value.contains("\r\nContent-Length: \(count)\r\n") && !seen.value.contains("Expect:"))
            #expect(seen.value.hasSuffix("\r\n\r\n" + String(repeating: "x", count: count)))
        }
    }

    @Test(arguments: ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
    func `returns a redirect as it is and does not follow it`(status: String) async throws {
        try await withServer { connection in
            while let request = connection.readRequest() {
                let isFollowed = request.hasPrefix("GET /elsewhere")
                connection.answer(isFollowed ? "200 OK" : status, headers: ["Location: /elsewhere"])
            }
        } _: { server, client in
            let answer = try await client.send(try get(server.url("/first")))
            #expect(answer.status == Int(status.prefix(3)) && answer.header("Location") == "/elsewhere")
        }
    }

    @Test(arguments: [400, 403, 500, 503])
    func `returns an error status with its body`(status: Int) async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.answer("\(status) No", body: "why")
        } _: { server, client in
            let answer = try await client.send(try get(server.url()))
            #expect(answer.status == status && answer.body.text == "why")
        }
    }

    @Test func `shows the headers of the final answer, not those of a 103 before it`() async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
            connection.answer(headers: ["X-Late: 1"], body: "ok")
        } _: { server, client in
            let answer = try await client.send(try get(server.url()))
            #expect(answer.status == 200 && answer.header("X-Early") == nil && answer.header("X-Late") == "1")
        }
    }

    @Test func `joins a chunked body`() async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
            connection.waitForClose()
        } _: { server, client in
            let answer = try await client.send(try get(server.url()))
            #expect(answer.body.text == "abcdefg")
        }
    }

    @Test(arguments: [true, false])
    func `takes a body of exactly the cap and not one byte more`(isChunked: Bool) async throws {
        try await withServer { connection in
            let body = String(repeating: "x", count: 100)
            while connection.readRequest() != nil {
                if isChunked {
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n\(body)\r\n0\r\n\r\n")
                } else {
                    connection.answer(body: body)
                }
            }
        } _: { server, client in
            let answer = try await client.send(try get(server.url(), maximumBytes: 100))
            #expect(answer.body.count == 100)
            let failure = await failureSending(try get(server.url(), maximumBytes: 99), by: client)
            #expect(failure == .tooLarge(limit: 99))
            #expect(failure?.reachedServer == true)
        }
    }

    @Test func `ends an answer without end at the cap`() async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            while connection.send(String(repeating: "x", count: 10_000)) {}
        } _: { server, client in
            let failure = await failureSending(try get(server.url(), maximumBytes: 50_000), by: client)
            #expect(failure == .tooLarge(limit: 50_000))
            #expect(try await eventually { server.openCount == 0 })
        }
    }

    @Test func `ends headers without end`() async throws {
        try await withServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Long: " + String(repeating: "x", count: 1000) + "\r\n") {}
        } _: { server, client in
            let failure = await failureSending(try get(server.url()), by: client)
            #expect(failure == .tooLarge(limit: 65_536))
        }
    }
}
