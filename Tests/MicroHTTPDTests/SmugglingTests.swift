import MicroHTTPD
import Testing

/// Requests that a proxy in front may read otherwise than libmicrohttpd would.
@Suite struct SmugglingTests {
    /// A request, and what must be found wrong with it. `@` stands for CR LF, `_` for NUL.
    struct Hostile: Sendable, CustomTestStringConvertible {
        let name: String
        let request: String
        let fault: HTTPFault

        init(_ name: String, _ request: String, _ fault: HTTPFault) {
            (self.name, self.request, self.fault) = (name, request, fault)
        }

        var testDescription: String { name }
        var bytes: [UInt8] {
            request.utf8.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "@"): [0x0D, 0x0A]
                case UInt8(ascii: "_"): [0]
                default: [byte]
                }
            }
        }
    }

    static let post = "POST / HTTP/1.1@Host: a@"
    static let endless = String(repeating: "x", count: 40_000)
    /// Longer than what the check looks at in one step.
    static let long = String(repeating: "a", count: 40)
    static let smuggled = "GET /smuggled HTTP/1.1@Host: a@@"

    static let hostile: [Hostile] = [
        Hostile("space before the colon", post + "Content-Length : 32@@\(smuggled)", .headerName),
        Hostile("tab before the colon", post + "Content-Length\t: 32@@\(smuggled)", .headerName),
        Hostile("no name", "GET / HTTP/1.1@Host: a@: b@@", .lineStructure),
        Hostile("no name amid fields", "GET / HTTP/1.1@Host: a@: GET /smuggled HTTP/1.1@Host: a@@", .lineStructure),
        Hostile("space in a name", "GET / HTTP/1.1@Host: a@X Y: b@@", .headerName),
        Hostile("white space before the first name", "GET / HTTP/1.1@ Host: a@@", .headerName),
        Hostile("non-ASCII name", "GET / HTTP/1.1@Host: a@Ünicode: b@@", .headerName),
        Hostile("coding and length", post + "Transfer-Encoding: chunked@Content-Length: 4@@0@@", .lengthAndEncoding),
        Hostile("length and coding", post + "Content-Length: 4@Transfer-Encoding: chunked@@0@@", .lengthAndEncoding),
        Hostile("two lengths", post + "Content-Length: 4@Content-Length: 36@@abcd", .duplicateHeader),
        Hostile("two equal lengths", post + "Content-Length: 4@content-length: 4@@abcd", .duplicateHeader),
        Hostile("two codings", post + "Transfer-Encoding: chunked@Transfer-Encoding: chunked@@0@@", .duplicateHeader),
        Hostile("coding by list", post + "Transfer-Encoding: gzip, chunked@@0@@", .transferEncoding),
        Hostile("coding identity", post + "Transfer-Encoding: identity@@0@@", .transferEncoding),
        Hostile("coding and space", post + "Transfer-Encoding: chunked @@0@@", .transferEncoding),
        Hostile("coding and vertical tab", post + "Transfer-Encoding: \u{B}chunked@@0@@", .headerValue),
        Hostile("coding on HTTP/1.0", "POST / HTTP/1.0@Host: a@Transfer-Encoding: chunked@@0@@", .encodingBeforeHTTP11),
        Hostile(
            "nothing to continue", "GET / HTTP/1.1@Host: a@Expect: 100-Continue@@\(smuggled)", .expectationWithoutBody),
        Hostile(
            "no length to continue", post + "Content-Length: 0@Expect: 100-continue@@\(smuggled)",
            .expectationWithoutBody),
        Hostile("two hosts", "GET / HTTP/1.1@Host: a@Host: b@@", .duplicateHeader),
        Hostile("no host", "GET / HTTP/1.1@X: b@@", .missingHost),
        Hostile("two authorizations", "GET / HTTP/1.1@Host: a@Authorization: b@Authorization: c@@", .duplicateHeader),
        Hostile("two content types", "GET / HTTP/1.1@Host: a@Content-Type: b@Content-Type: c@@", .duplicateHeader),
        Hostile("NUL in a value", "GET / HTTP/1.1@X: a_b@Host: a@@", .lineStructure),
        Hostile("NULs in a value", "GET / HTTP/1.1@X: a__b@Host: a@@", .lineStructure),
        Hostile("NUL at the end of a value", "GET / HTTP/1.1@X: a_@Host: a@@", .lineStructure),
        Hostile("NUL in the last value", "GET / HTTP/1.1@Host: a@X: a_b@@", .lineStructure),
        Hostile("NUL in the target", "GET /a_b HTTP/1.1@Host: a@@", .lineStructure),
        Hostile("bell in a value", "GET / HTTP/1.1@Host: a@X: a\u{7}b@@", .headerValue),
        Hostile("DEL in a value", "GET / HTTP/1.1@Host: a@X: a\u{7F}b@@", .headerValue),
        Hostile("DEL far into a value", "GET / HTTP/1.1@Host: a@X: \(long)\u{7F}\(long)@@", .headerValue),
        Hostile("unit separator far into a value", "GET / HTTP/1.1@Host: a@X: \(long)\u{1F}\(long)@@", .headerValue),
        Hostile("CR in a value", "GET / HTTP/1.1@Host: a@X: a\rb@@", .headerValue),
        Hostile("folded line", "GET / HTTP/1.1@Host: a@X: a@ b@Y: c@@", .lineStructure),
        Hostile("folded by tab", "GET / HTTP/1.1@Host: a@X: a@\tTransfer-Encoding: chunked@Y: c@@", .headerName),
        Hostile("folded last line", "GET / HTTP/1.1@Host: a@X: a@ b@@", .lineStructure),
        Hostile("bare LF after the request line", "GET / HTTP/1.1\nHost: a@@", .lineStructure),
        Hostile("bare LF after a field", "GET / HTTP/1.1@X: a\nHost: a@@", .lineStructure),
        Hostile("bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", .lineStructure),
        Hostile("absolute target", "GET http://a/ HTTP/1.1@Host: a@@", .target),
        Hostile("target without slash", "GET a HTTP/1.1@Host: a@@", .target),
        Hostile("asterisk target", "OPTIONS * HTTP/1.1@Host: a@@", .target),
        Hostile("authority target", "CONNECT a:443 HTTP/1.1@Host: a@@", .target),
        Hostile("space in the target", "GET /a b HTTP/1.1@Host: a@@", .target),
        Hostile("two spaces", "GET /a  HTTP/1.1@Host: a@@", .target),
        Hostile("tab in the target", "GET /a\tb HTTP/1.1@Host: a@@", .target),
        Hostile("fragment", "GET /a#b HTTP/1.1@Host: a@@", .target),
        Hostile("non-ASCII target", "GET /ü HTTP/1.1@Host: a@@", .target),
    ]

    @Test(arguments: hostile) func `answers 400 and closes`(_ hostile: Hostile) async throws {
        let handled = Record<String>()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            await handled.add(request.path)
            return HTTPResponse(status: 200)
        }
        try await withServer(handler: handler) { server in
            let port = server.boundPort
            let (answer, hasEnded) = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send(hostile.bytes)
                return (try client.answer(), try client.hasEnded())
            }
            #expect(answer.status == 400)
            #expect(answer.body.contains(hostile.fault.rawValue))
            #expect(answer.has("Connection: close"))
            #expect(hasEnded, "what follows must not be read as a request")
            #expect(await handled.elements.isEmpty)
        }
    }

    /// Refused by libmicrohttpd itself, before any of our code: only that nothing is handled and the connection ends.
    static let refusedByTheLibrary: [Hostile] = [
        Hostile("length with a sign", post + "Content-Length: +4@@abcd", .contentLength),
        Hostile("negative length", post + "Content-Length: -4@@abcd", .contentLength),
        Hostile("hexadecimal length", post + "Content-Length: 0x4@@abcd", .contentLength),
        Hostile("list of lengths", post + "Content-Length: 4, 4@@abcd", .contentLength),
        Hostile("empty length", post + "Content-Length:@@abcd", .contentLength),
        Hostile("length beyond 64 bits", post + "Content-Length: 18446744073709551620@@abcd", .contentLength),
        Hostile("line without a colon", "GET / HTTP/1.1@Host: a@nonsense@@", .headerName),
        Hostile("NUL in a name", "GET / HTTP/1.1@Host: a@X_Y: b@@", .headerName),
        Hostile("another protocol", "GET / HTTP/2.0@Host: a@@", .target),
        Hostile("header beyond its memory", "GET / HTTP/1.1@Host: a@X: \(endless)@@", .headerValue),
        Hostile("target beyond its memory", "GET /\(endless) HTTP/1.1@Host: a@@", .target),
        Hostile("no version", "GET /@@", .target),
    ]

    @Test(arguments: refusedByTheLibrary) func `handles nothing and closes`(_ hostile: Hostile) async throws {
        try await withServer { server in
            let port = server.boundPort
            let status = try await onOwnThread { () -> Int in
                let client = try BlockingClient(port: port)
                try client.send(hostile.bytes)
                client.endSending()
                do { return try client.answer().status } catch BlockingClient.Failure.ended { return 0 }
            }
            #expect([0, 400, 413, 414, 431, 505].contains(status))
            #expect(server.statistics.handledRequests == 0)
            #expect(try await eventually { server.statistics.connections == 0 })
            #expect(server.statistics.openRequests == 0)
        }
    }

    /// The other side of the coin: what is well-formed must not be taken for hostile.
    static let wellFormed: [Hostile] = [
        Hostile("a plain request", "GET / HTTP/1.1@Host: a@@", .target),
        Hostile("no space after the colon", "GET / HTTP/1.1@Host:a@@", .target),
        Hostile("white space around a value", "GET / HTTP/1.1@Host: \t a \t@X:  b  @@", .target),
        Hostile("tabs within a value", "GET / HTTP/1.1@Host: a@X: \(long)\t\(long)\tb@@", .target),
        Hostile("an empty value", "GET / HTTP/1.1@Host: a@X:@Y: @@", .target),
        Hostile("an empty last value", "GET / HTTP/1.1@Host: a@X:@@", .target),
        Hostile("HTTP/1.0 without host", "GET / HTTP/1.0@@", .target),
        Hostile("an empty line first", "@GET / HTTP/1.1@Host: a@@", .target),
        Hostile("every kind of target byte", "GET /-.~!$&'()*+,;=:%41?a=b&c?/ HTTP/1.1@Host: a@@", .target),
        Hostile("many query arguments", "GET /?\(String(repeating: "a=b&", count: 200)) HTTP/1.1@Host: a@@", .target),
        Hostile("cookies", "GET / HTTP/1.1@Host: a@Cookie: a=b; c=\"d\"; e@X: f@@", .target),
        Hostile("text beyond ASCII in a value", "GET / HTTP/1.1@Host: a@X: ü@@", .target),
        Hostile("chunked in capitals", post + "Transfer-Encoding: CHUNKED@@0@@", .target),
    ]

    @Test(arguments: wellFormed) func `handles what is well-formed`(_ request: Hostile) async throws {
        try await withServer { server in
            let port = server.boundPort
            let answer = try await onOwnThread {
                let client = try BlockingClient(port: port)
                try client.send(request.bytes)
                return try client.answer()
            }
            #expect(answer.status == 200)
        }
    }

    @Test func `takes long headers that come in pieces`() async throws {
        let fields = (0..<70).map { "X-Field-\($0): \(String(repeating: "v", count: 300))\r\n" }
        let pieces = ["GET /long HT", "TP/1.1\r", "\nHost: a\r\n"] + fields + ["\r", "\n"]
        try await withServer { server in
            let port = server.boundPort
            let answers = try await onOwnThread {
                let client = try BlockingClient(port: port)
                return try (0..<2).map { _ in
                    for piece in pieces { try client.send(piece) }
                    return try client.answer().status
                }
            }
            #expect(answers == [200, 200])
        }
    }
}
