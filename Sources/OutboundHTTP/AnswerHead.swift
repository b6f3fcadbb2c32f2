/// The status line and the header lines of one answer, checked line by line as they come (RFC 9112).
struct AnswerHead: Sendable {
    /// 0 until the status line has come.
    private(set) var status = 0
    private(set) var isHTTP11 = false
    /// Where the body ends, as far as the headers say.
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var asksToClose = false
    /// The header lines as they came, each with its line feed. Most are never looked at.
    private var lines: [UInt8] = []

    private static let protocolName = Array("HTTP/1.".utf8)

    /// Takes one line without its line break.
    mutating func take(_ line: Span<UInt8>) throws(AnswerFault) {
        if status == 0 { try takeStatus(line) } else { try takeField(line) }
    }

    /// The first value of the header `name`, which is in lower case; nil where there is none.
    func value(of name: String) -> String? {
        for line in lines.split(separator: 0x0A) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line[..<colon].matches(name) else { continue }
            return String(decoding: line[(colon + 1)...].withoutBlanks, as: UTF8.self)
        }
        return nil
    }

    private mutating func takeStatus(_ line: Span<UInt8>) throws(AnswerFault) {
        guard line.count >= 12, line.starts(with: Self.protocolName), line[8] == 0x20 else {
            throw .unreadable("it is no HTTP/1.1")
        }
        isHTTP11 = line[7] == UInt8(ascii: "1")
        guard isHTTP11 || line[7] == UInt8(ascii: "0") else { throw .unreadable("it is no HTTP/1.1") }
        for index in 9..<12 {
            guard (0x30...0x39).contains(line[index]) else { throw .unreadable("its status is no number") }
            status = status * 10 + Int(line[index] - 0x30)
        }
        guard (100...599).contains(status), line.count == 12 || line[12] == 0x20 else {
            throw .unreadable("its status is none of HTTP")
        }
    }

    private mutating func takeField(_ line: Span<UInt8>) throws(AnswerFault) {
        var colon = 0
        while colon < line.count, line[colon] != UInt8(ascii: ":") {
            guard isTokenByte(line[colon]) else { throw .unreadable("a header's name is no token") }
            colon += 1
        }
        guard colon > 0, colon < line.count else { throw .unreadable("a header line has no name") }
        let start = lines.count
        for index in line.indices { lines.append(line[index]) }
        lines.append(0x0A)
        try noteFraming(lines[start..<(start + colon)], lines[(start + colon + 1)..<(lines.count - 1)].withoutBlanks)
    }

    /// Two readers must not find two ends of one answer.
    private mutating func noteFraming(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws(AnswerFault) {
        if name.matches("content-length") {
            guard contentLength == nil, !isChunked, (1...15).contains(value.count),
                value.allSatisfy({ (0x30...0x39).contains($0) })
            else { throw .unreadable("its Content-Length is unusable") }
            contentLength = value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        } else if name.matches("transfer-encoding") {
            guard contentLength == nil, !isChunked, isHTTP11, value.matches("chunked") else {
                throw .unreadable("its Transfer-Encoding is unusable")
            }
            isChunked = true
        } else if name.matches("connection"), value.matches("close") {
            asksToClose = true
        }
    }
}

/// What is wrong with an answer; ends a sentence that begins with the answer.
enum AnswerFault: Error {
    case unreadable(String)
    /// The connection ended before it did.
    case cut
    /// Its headers or its body are longer than this.
    case tooLong(limit: Int)
}

extension ArraySlice<UInt8> {
    /// Whether it is `name`, which is in lower case, whatever its own case.
    fileprivate func matches(_ name: String) -> Bool {
        count == name.utf8.count
            && elementsEqual(name.utf8) { $0 == $1 || ((0x41...0x5A).contains($0) && $0 | 0x20 == $1) }
    }

    fileprivate var withoutBlanks: ArraySlice<UInt8> {
        var rest = self
        while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
        while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
        return rest
    }
}

extension Span<UInt8> {
    fileprivate func starts(with prefix: [UInt8]) -> Bool {
        guard count >= prefix.count else { return false }
        for index in prefix.indices where self[index] != prefix[index] { return false }
        return true
    }
}
