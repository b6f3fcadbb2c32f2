import Secrets
import Testing

@testable import OutboundHTTP

/// One answer, cut in every way in which the network may cut it.
struct AnswerReaderTests {
    struct Good: Sendable {
        let bytes: String
        let body: String
        var isKept = true
        /// What comes behind the answer.
        var rest = 0
    }

    @Test(arguments: [
        Good(bytes: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", body: "abc"),
        Good(bytes: "HTTP/1.1 200\r\nCONTENT-LENGTH:3 \t\r\nX: \r\n\r\nabcHTTP", body: "abc", rest: 4),
        Good(bytes: "HTTP/1.1 200 OK\nContent-Length: 1\n\na", body: "a"),
        Good(
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
            body: "abc0123456789"),
        Good(
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\nno trailer is looked at\r\n\r\n",
            body: ""),
        Good(bytes: "HTTP/1.1 204 No\r\n\r\n", body: ""),
        Good(bytes: "HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n", body: ""),
        Good(
            bytes:
                "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 103 Hint\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            body: ""),
        Good(bytes: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", body: "a", isKept: false),
        Good(bytes: "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", body: "a", isKept: false),
        Good(bytes: "HTTP/1.1 200 OK\r\n\r\nto the end", body: "to the end", isKept: false),
    ])
    func `reads an answer however it is cut`(answer: Good) throws {
        let bytes = Array(answer.bytes.utf8)
        for size in 1...bytes.count {
            let read = try Self.read(bytes, cutAfter: size)
            #expect(read.response.body.text == answer.body && read.isKept == answer.isKept && read.rest == answer.rest)
        }
    }

    @Test(arguments: [
        "", "\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.2 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000\r\n\r\n", "HTTP/1.1 099 Low\r\n\r\n", "HTTP/1.1 600 High\r\n\r\n", "HTTP/1.1 101 Other\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1234567890123456\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : y\r\n\r\n", "HTTP/1.1 200 OK\r\n folded\r\n\r\n", "HTTP/1.1 200 OK\r\n: y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nnone\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n", "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3x\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", "HTTP/1.1 200 OK\r\nX: y",
    ])
    func `refuses what two readers could take differently, and what has no end`(text: String) {
        let bytes = Array(text.utf8)
        for size in 1...max(bytes.count, 1) {
            let fault = #expect(throws: AnswerFault.self) { _ = try Self.read(bytes, cutAfter: size) }
            if case .tooLong = fault { Issue.record("\(text) is not too long") }
        }
    }

    @Test(arguments: [
        "Content-Length: 11\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n",
        "\r\n01234567890",
        "Transfer-Encoding: chunked\r\n\r\n00000000b\r\n",
    ])
    func `takes a body of the cap and no byte more`(rest: String) throws {
        let fault = #expect(throws: AnswerFault.self) {
            _ = try Self.read(Array("HTTP/1.1 200 OK\r\n\(rest)".utf8), cutAfter: 4, cap: 10)
        }
        guard case .tooLong(let limit) = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(limit == 10)
        #expect(
            try Self.read(Array("HTTP/1.1 200 OK\r\n\r\n0123456789".utf8), cutAfter: 4, cap: 10).response.body.count
                == 10)
    }

    @Test func `ends interim answers without end`() {
        let answer = "HTTP/1.1 100 Go on\r\n\r\n"
        #expect(throws: AnswerFault.self) {
            _ = try Self.read(Array(String(repeating: answer, count: 9).utf8), cutAfter: 64)
        }
    }

    private static func read(
        _ bytes: [UInt8], cutAfter size: Int, cap: Int = 1000
    ) throws(AnswerFault) -> (response: OutboundResponse, isKept: Bool, rest: Int) {
        var reader = AnswerReader(maximumBytes: cap)
        var rest = bytes[...]
        while !rest.isEmpty, !reader.isComplete {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(try reader.take(piece.span))
        }
        if !reader.isComplete { try reader.end() }
        let isKept = reader.keepsConnection
        return (reader.finish(), isKept, rest.count)
    }
}
