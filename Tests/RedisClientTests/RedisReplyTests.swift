import Secrets
import Testing

@testable import RedisClient

/// What comes from a server, whole, in pieces and wrong.
struct RedisReplyTests {
    @Test func `takes the replies of our commands, however they are cut`() throws {
        let bytes = Array(
            "+OK\r\n:1\r\n-NOAUTH Authentication required.\r\n$-1\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n:-7\r\n".utf8)
        let expected: [RedisReply] = [
            .status("OK"), .integer(1), .error("NOAUTH Authentication required."), .text(nil), .text("a\r\nbc"),
            .text(""), .integer(-7),
        ]
        for size in 1...bytes.count {
            var parser = RedisReplyParser()
            var replies: [RedisReply] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                parser.append(Array(bytes[start..<min(start + size, bytes.count)]))
                while let reply = try parser.next() { replies.append(reply) }
            }
            #expect(replies == expected, "in pieces of \(size)")
        }
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n", "*1\r\n:1\r\n", ":x\r\n", ":\r\n", ":1\n", "\r\n", "$65537\r\n", "$-2\r\n",
        "$1\r\nabcd", "$9999999999999999999\r\n", "+" + String(repeating: "a", count: 5000),
    ])
    func `what is no reply ends the connection, and nothing grows`(text: String) {
        var parser = RedisReplyParser()
        parser.append(Array(text.utf8))
        #expect(throws: RedisError.self) { try parser.next() }
    }

    @Test func `a reply that is not complete yet is none`() throws {
        var parser = RedisReplyParser()
        for piece in ["", ":", "1", "\r"] {
            parser.append(Array(piece.utf8))
            let reply = try parser.next()
            #expect(reply == nil)
        }
        parser.append([0x0A])
        let reply = try parser.next()
        #expect(reply == .integer(1))
    }

    @Test func `a command is an array of bulk strings, whatever its words hold`() {
        let command = RedisCommand(["SET", "a b", "\r\n", "é"])
        let text = command.bytes.withBytes { (bytes) in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
        }
        #expect(text == "*4\r\n$3\r\nSET\r\n$3\r\na b\r\n$2\r\n\r\n\r\n$2\r\né\r\n")
    }
}
