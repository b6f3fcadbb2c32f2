import ClientHTTP
import Secrets
import Testing

@Suite struct ResponseReaderTests {
    /// Sends a GET to a server that answers with `answer`.
    private func exchange(
        _ answer: String, then ending: ScriptedServer.Ending = .close, within time: Duration = .seconds(60)
    ) throws -> ClientHTTPResponse {
        let server = ScriptedServer(answer, then: ending)
        defer { withExtendedLifetime(server) {} }
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(server.port)/x")
        return try ClientHTTP(trust: Trust(), userAgent: "test/1").send(
            ClientHTTPRequest(.get, url), until: .after(time))
    }

    @Test func `reads a counted body`() throws {
        let response = try exchange("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \t\r\n\r\nhello", then: .hold)
        #expect(response.status == 200)
        #expect(response.header("x-a") == "b")
        #expect(response.body == Secret("hello"))
    }

    @Test func `reads a chunked body with trailers`() throws {
        let response = try exchange(
            "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
            then: .hold)
        #expect(response.status == 404)
        #expect(response.body == Secret("abc0123456789"))
    }

    @Test func `passes over interim answers`() throws {
        let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        let response = try exchange(answer + "HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n")
        #expect(response.status == 201)
        #expect(response.headers.count == 1)
    }

    @Test func `takes as many headers as are allowed`() throws {
        let headers = String(repeating: "A: b\r\n", count: 99) + "Content-Length: 0\r\n\r\n"
        #expect(try exchange("HTTP/1.1 200 OK\r\n" + headers).headers.count == 100)
    }

    @Test func `takes a 204 without a body`() throws {
        #expect(try exchange("HTTP/1.1 204 No Content\r\n\r\n").body.isEmpty)
    }

    @Test func `takes a body of exactly the limit`() throws {
        let body = String(repeating: "x", count: 262_144)
        #expect(try exchange("HTTP/1.1 200 OK\r\nContent-Length: 262144\r\n\r\n" + body).body.count == 262_144)
    }

    /// What is wrong, and the answer.
    private static let hostile: [(String, String)] = [
        (
            "both lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
        ),
        ("two equal lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"),
        ("two lengths in one line", "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\na"),
        ("a signed length", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na"),
        ("an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n"),
        ("a length beyond 64 bits", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\na"),
        ("no length", "HTTP/1.1 200 OK\r\n\r\nabc"),
        ("another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("two codings", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("chunked over HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a folded line", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: a\r\n b\r\n\r\na"),
        ("a space before the colon", "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 1\r\n\r\na"),
        ("a header without a name", "HTTP/1.1 200 OK\r\n: 1\r\nContent-Length: 1\r\n\r\na"),
        ("a header without a colon", "HTTP/1.1 200 OK\r\nabc\r\nContent-Length: 1\r\n\r\na"),
        ("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 1\n\na"),
        ("a bare carriage return", "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 1\r\n\r\na"),
        ("a NUL in a header", "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 1\r\n\r\na"),
        ("a bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n"),
        ("a signed chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n"),
        ("a chunk extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\na\r\n0\r\n\r\n"),
        ("a chunk longer than its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n"),
        ("a chunk without its end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naXY0\r\n\r\n"),
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        ("another version", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ("no status", "HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n"),
        ("a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
        ("a status below 100", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"),
        ("another protocol's switch", "HTTP/1.1 101 Switching\r\n\r\n"),
        ("interim answers without end", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 50)),
        (
            "too many headers",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 100) + "Content-Length: 0\r\n\r\n"
        ),
        ("a head too large", "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 33_000) + "\r\n\r\n"),
    ]

    @Test(arguments: hostile) func `refuses an answer with a fault`(fault: String, answer: String) throws {
        #expect { try exchange(answer) } throws: { error in
            guard case .malformedAnswer = error as? ClientHTTPError else { return false }
            return true
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 262145\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40001\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n40000\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
    ])
    func `refuses an answer that is too large before it has come`(answer: String) throws {
        #expect(throws: ClientHTTPError.answerTooLarge(limit: 262_144)) { try exchange(answer, then: .hold) }
    }

    @Test(arguments: [
        "", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
    ])
    func `says that a cut answer was cut`(answer: String) throws {
        #expect {
            try exchange(answer)
        } throws: { error in
            guard case .connectionLost(.receiving, _) = error as? ClientHTTPError else { return false }
            return true
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"])
    func `gives up a slow answer at its deadline`(answer: String) throws {
        #expect(throws: ClientHTTPError.timedOut(.receiving)) {
            try exchange(answer, then: .hold, within: .milliseconds(100))
        }
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 262144\r\n\r\n"])
    func `gives up an answer that comes byte by byte at its deadline`(answer: String) throws {
        #expect(throws: ClientHTTPError.timedOut(.receiving)) {
            try exchange(answer, then: .drip, within: .milliseconds(200))
        }
    }

    @Test(arguments: [
        ("https://login.example.com/?token=abc", "login.example.com"),
        ("/elsewhere?token=abc", "another path of 127.0.0.1"),
        ("//evil.example/token=abc", "an unreadable address"), ("", "an unreadable address"),
    ])
    func `names only the host of a redirect and does not follow it`(location: String, host: String) throws {
        #expect(throws: ClientHTTPError.redirected(status: 302, host: host)) {
            try exchange("HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n")
        }
    }
}
