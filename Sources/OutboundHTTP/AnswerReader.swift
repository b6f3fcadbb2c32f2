import Secrets

/// Reads one answer from the pieces in which it comes (RFC 9112), strictly: what two readers could take differently is refused.
struct AnswerReader: ~Copyable {
    private let maximumBytes: Int
    private var head = AnswerHead()
    private var body: SecretBuilder
    private var state = State.head
    /// What has come of a line that is not complete.
    private var line: [UInt8] = []
    private var headBytes = 0
    private var interimAnswers = 0

    private enum State {
        case head
        /// The rest of a body of known length, or of one chunk.
        case counted(left: Int)
        case chunk(left: Int)
        /// The line break behind a chunk.
        case chunkEnd
        case chunkSize
        case trailer
        /// A body that ends with the connection.
        case untilEnd
        case complete
    }

    /// For all header lines together: many times what AWS and issuers send.
    static let maximumHeadBytes = 65_536
    private static let longestChunkSize = 8
    private static let mostInterimAnswers = 8

    /// `maximumBytes` bounds the body.
    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        body = SecretBuilder(capacity: 4096)
    }

    var isComplete: Bool { if case .complete = state { true } else { false } }
    /// Whether nothing of the answer has come.
    var isUntouched: Bool { headBytes == 0 }
    /// Whether the next answer may come on the same connection.
    var keepsConnection: Bool {
        head.isHTTP11 && !head.asksToClose && (head.contentLength != nil || head.isChunked || hasNoBody)
    }

    /// Takes the bytes that came, up to the answer's end. How many were the answer's.
    mutating func take(_ bytes: Span<UInt8>) throws(AnswerFault) -> Int {
        var position = 0
        while position < bytes.count, !isComplete {
            position += try step(bytes.extracting(position..<bytes.count))
        }
        return position
    }

    /// The connection has ended.
    mutating func end() throws(AnswerFault) {
        guard case .untilEnd = state else { throw .cut }
        state = .complete
    }

    /// The whole answer. Once, when it is complete.
    consuming func finish() -> OutboundResponse {
        OutboundResponse(head: head, body: body.finish())
    }

    private var hasNoBody: Bool { head.status == 204 || head.status == 304 }

    private mutating func step(_ bytes: Span<UInt8>) throws(AnswerFault) -> Int {
        switch state {
        case .head, .chunkEnd, .chunkSize, .trailer: return try takeLine(bytes)
        case .counted(let left): return try takeBody(bytes, left) { $0 == 0 ? .complete : .counted(left: $0) }
        case .chunk(let left): return try takeBody(bytes, left) { $0 == 0 ? .chunkEnd : .chunk(left: $0) }
        case .untilEnd: return try takeBody(bytes, bytes.count) { _ in .untilEnd }
        case .complete: return 0
        }
    }

    private mutating func takeBody(
        _ bytes: Span<UInt8>, _ left: Int, next: (Int) -> State
    ) throws(AnswerFault) -> Int {
        let count = min(bytes.count, left)
        guard count <= maximumBytes - body.count else { throw .tooLong(limit: maximumBytes) }
        body.append(bytes.extracting(0..<count))
        state = next(left - count)
        return count
    }

    /// Gathers a line, and when it is whole does what it says.
    private mutating func takeLine(_ bytes: Span<UInt8>) throws(AnswerFault) -> Int {
        var end = 0
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        headBytes += end + 1
        guard headBytes <= Self.maximumHeadBytes else { throw .tooLong(limit: Self.maximumHeadBytes) }
        guard end < bytes.count else {
            for index in 0..<end { line.append(bytes[index]) }
            return end
        }
        if line.isEmpty {
            try takeWhole(bytes.extracting(0..<end))
        } else {
            for index in 0..<end { line.append(bytes[index]) }
            let whole = line
            line = []
            try takeWhole(whole.span)
        }
        return end + 1
    }

    private mutating func takeWhole(_ line: Span<UInt8>) throws(AnswerFault) {
        let end = line.count > 0 && line[line.count - 1] == 0x0D ? line.count - 1 : line.count
        let line = line.extracting(0..<end)
        for index in line.indices where line[index] < 0x20 && line[index] != 0x09 || line[index] == 0x7F {
            throw .unreadable("its headers hold a control character")
        }
        switch state {
        case .head where line.count > 0: try head.take(line)
        case .head: try endHead()
        case .chunkEnd where line.count == 0: state = .chunkSize
        case .chunkSize: try beginChunk(line)
        case .trailer where line.count == 0: state = .complete
        // Trailers are passed over; their bytes count as the head's.
        case .trailer: break
        default: throw .unreadable("a chunk is longer than it says")
        }
    }

    private mutating func endHead() throws(AnswerFault) {
        guard head.status != 0 else { throw .unreadable("it is no HTTP/1.1") }
        if head.status < 200 {
            interimAnswers += 1
            guard head.status != 101, interimAnswers <= Self.mostInterimAnswers else {
                throw .unreadable("it is an interim answer without an end")
            }
            head = AnswerHead()
        } else if hasNoBody {
            state = .complete
        } else if head.isChunked {
            state = .chunkSize
        } else if let length = head.contentLength {
            // Refused before it comes.
            guard length <= maximumBytes else { throw .tooLong(limit: maximumBytes) }
            state = length == 0 ? .complete : .counted(left: length)
        } else {
            state = .untilEnd
        }
    }

    private mutating func beginChunk(_ line: Span<UInt8>) throws(AnswerFault) {
        var size = 0
        var digits = 0
        while digits < line.count, let digit = Self.hexDigit(line[digits]) {
            size = size * 16 + digit
            digits += 1
            guard digits <= Self.longestChunkSize else { throw .tooLong(limit: maximumBytes) }
        }
        // An extension may follow, which nobody uses.
        guard digits > 0, digits == line.count || line[digits] == UInt8(ascii: ";") || line[digits] == 0x20 else {
            throw .unreadable("a chunk has no size")
        }
        state = size == 0 ? .trailer : .chunk(left: size)
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte - 0x30)
        case 0x41...0x46, 0x61...0x66: Int((byte | 0x20) - 0x61) + 10
        default: nil
        }
    }
}
