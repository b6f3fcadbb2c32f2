import Secrets

/// Takes bytes one by one or in bulk from a stream. The end of the stream is an error: an answer says where it ends.
struct ByteReader {
    private let stream: any ByteStream
    private let deadline: Deadline
    private var buffer = Secret("")
    private var position = 0

    init(_ stream: any ByteStream, until deadline: Deadline) {
        self.stream = stream
        self.deadline = deadline
    }

    /// Whether all that came so far has been taken.
    var isDrained: Bool { position == buffer.count }

    mutating func next() throws(ClientHTTPError) -> UInt8 {
        try refill()
        defer { position += 1 }
        return buffer.withBytes { $0[position] }
    }

    /// Appends exactly `count` bytes to `body`.
    mutating func read(_ count: Int, into body: inout SecretBuilder) throws(ClientHTTPError) {
        var missing = count
        while missing > 0 {
            try refill()
            let end = min(buffer.count, position + missing)
            for index in position..<end { body.append(buffer.withBytes { $0[index] }) }
            missing -= end - position
            position = end
        }
    }

    private mutating func refill() throws(ClientHTTPError) {
        guard isDrained else { return }
        // A server that sends a byte now and then must not outlive the deadline.
        if deadline.isPast { throw .timedOut(.receiving) }
        guard let more = try stream.read(until: deadline) else {
            throw .connectionLost(.receiving, reason: "the server closed it before the answer was complete")
        }
        buffer = more
        position = 0
    }
}
