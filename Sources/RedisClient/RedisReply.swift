/// What a server answers to one command: of the protocol, the kinds that our commands are answered with.
package enum RedisReply: Sendable, Equatable {
    case status(String)
    /// The server's own words, such as `NOAUTH Authentication required.`
    case error(String)
    case integer(Int64)
    /// Nil for the reply that says that there is nothing.
    case text(String?)
}

/// Takes replies out of the bytes that come in, whole ones only.
struct RedisReplyParser {
    private var bytes: [UInt8] = []
    /// Where the next reply begins.
    private var position = 0

    /// Longer than any line of a reply to a command of ours. It bounds what a server can make us hold.
    static let longestLine = 4096
    /// As long as the longest document that we keep on a server.
    static let longestText = 64 << 10

    mutating func append(_ more: [UInt8]) {
        bytes.removeFirst(position)
        position = 0
        bytes += more
    }

    /// The next reply; nil until more bytes came.
    mutating func next() throws(RedisError) -> RedisReply? {
        guard let line = try line(from: position), let kind = line.text.utf8.first else { return nil }
        let rest = String(line.text.dropFirst())
        switch kind {
        case UInt8(ascii: "+"): return take(.status(rest), to: line.end)
        case UInt8(ascii: "-"): return take(.error(rest), to: line.end)
        case UInt8(ascii: ":"): return take(.integer(try Self.number(rest)), to: line.end)
        case UInt8(ascii: "$"): return try text(length: Self.number(rest), from: line.end)
        default: throw .protocolError("a reply of an unknown kind")
        }
    }

    private mutating func text(length: Int64, from start: Int) throws(RedisError) -> RedisReply? {
        if length == -1 { return take(.text(nil), to: start) }
        guard (0...Int64(Self.longestText)).contains(length) else {
            throw .protocolError("a reply of \(length) bytes")
        }
        let end = start + Int(length)
        guard bytes.count >= end + 2 else { return nil }
        guard bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") else {
            throw .protocolError("a reply without its end")
        }
        return take(.text(String(decoding: bytes[start..<end], as: UTF8.self)), to: end + 2)
    }

    private mutating func take(_ reply: RedisReply, to end: Int) -> RedisReply {
        position = end
        return reply
    }

    /// A line that is complete, and where the next one begins.
    private func line(from start: Int) throws(RedisError) -> (text: String, end: Int)? {
        guard let feed = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count - start <= Self.longestLine else { throw .protocolError("a line without end") }
            return nil
        }
        guard feed - start <= Self.longestLine, feed > start + 1, bytes[feed - 1] == UInt8(ascii: "\r") else {
            throw .protocolError("a line in another form")
        }
        return (String(decoding: bytes[start..<feed - 1], as: UTF8.self), feed + 1)
    }

    private static func number(_ text: String) throws(RedisError) -> Int64 {
        guard let number = Int64(text) else { throw .protocolError("a number in another form") }
        return number
    }
}
