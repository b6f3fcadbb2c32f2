import Secrets

/// Reads one answer, strictly (RFC 9112). What two readers could take differently is refused.
struct ResponseReader {
    /// An answer of Vela is 2 KiB and one of the gateway 4: this leaves room for a proxy's page of HTML.
    static let bodyLimit = 256 * 1024
    /// The status line and all header lines of one answer.
    static let headLimit = 32 * 1024

    private var input: ByteReader
    private var status: Int?
    private var headBytes = 0

    init(_ stream: any ByteStream, until deadline: Deadline) {
        input = ByteReader(stream, until: deadline)
    }

    /// The final answer to `request`; answers of the 1xx class are passed over.
    mutating func read(to request: ClientHTTPRequest) throws(ClientHTTPError) -> ClientHTTPResponse {
        let head = try readHead()
        // Only a proxy says 407, and with a tunnel it has said it before. Its page may have no length.
        if let proxy = request.proxy, head.status == 407 { throw .proxyAuthentication(proxy: proxy.address) }
        if (300...399).contains(head.status) { throw redirect(head.status, head.headers, from: request.url) }
        let body = try readBody(head.headers, mayBeChunked: head.isHTTP11)
        return ClientHTTPResponse(status: head.status, headers: head.headers, body: body)
    }

    /// The status of a proxy's answer to CONNECT. Behind the head of a 2xx begins the tunnel, whatever the headers say
    /// (RFC 9110 section 9.3.6), and there the server has nothing to say before we do.
    mutating func readTunnelStatus() throws(ClientHTTPError) -> Int {
        let status = try readHead().status
        guard !(200...299).contains(status) || input.isDrained else {
            throw malformed("bytes behind the head, before TLS has begun")
        }
        return status
    }

    private struct Head {
        let status: Int
        let isHTTP11: Bool
        let headers: [ClientHTTPResponse.Header]
    }

    /// The head of the final answer.
    private mutating func readHead() throws(ClientHTTPError) -> Head {
        // One 100 and one 103 are normal; a server that sends many more is not.
        for _ in 0..<8 {
            let (status, isHTTP11) = try readStatusLine()
            self.status = status
            let headers = try readHeaders()
            if status == 101 { throw malformed("it switches protocols unasked") }
            if !(100...199).contains(status) { return Head(status: status, isHTTP11: isHTTP11, headers: headers) }
        }
        throw malformed("too many interim answers")
    }

    private mutating func readStatusLine() throws(ClientHTTPError) -> (status: Int, isHTTP11: Bool) {
        let line = try readLine()
        let isHTTP11 = line.starts(with: "HTTP/1.1 ".utf8)
        guard isHTTP11 || line.starts(with: "HTTP/1.0 ".utf8) else { throw malformed("no HTTP/1.1 status line") }
        let rest = line.dropFirst(9)
        let digits = rest.prefix(3)
        guard digits.count == 3, digits.allSatisfy(\.isDigit), rest.count == 3 || rest.dropFirst(3).first == 0x20 else {
            throw malformed("a status line without a status")
        }
        let status = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard (100...599).contains(status) else { throw malformed("a status outside 100 to 599") }
        return (status, isHTTP11)
    }

    private mutating func readHeaders() throws(ClientHTTPError) -> [ClientHTTPResponse.Header] {
        var headers: [ClientHTTPResponse.Header] = []
        while true {
            let line = try readLine()
            if line.isEmpty { return headers }
            guard headers.count < 100 else { throw malformed("more than 100 header lines") }
            headers.append(try parseHeader(line))
        }
    }

    private func parseHeader(_ line: [UInt8]) throws(ClientHTTPError) -> ClientHTTPResponse.Header {
        if line.first == 0x20 || line.first == 0x09 { throw malformed("a folded header line") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
            throw malformed("a header line without a name")
        }
        guard line[..<colon].allSatisfy(\.isTokenCharacter) else {
            throw malformed("a header name with a bad character")
        }
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let afterSpace = line[(colon + 1)...].drop(while: isSpace)
        let value = afterSpace.prefix(
            (afterSpace.lastIndex { !isSpace($0) }).map { $0 + 1 - afterSpace.startIndex } ?? 0)
        // Whoever reads the text later gets valid UTF-8; what was not is replaced.
        return ClientHTTPResponse.Header(
            name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            value: String(decoding: value, as: UTF8.self))
    }

    /// A line of the head without its CRLF. A bare LF, a bare CR and control bytes are refused.
    private mutating func readLine() throws(ClientHTTPError) -> [UInt8] {
        var line: [UInt8] = []
        while true {
            let byte = try next()
            headBytes += 1
            guard headBytes <= Self.headLimit else {
                throw malformed("a head of more than \(Self.headLimit / 1024) KiB")
            }
            if byte == 0x0D {
                guard try next() == 0x0A else { throw malformed("a carriage return inside a line") }
                return line
            }
            guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else { throw malformed("a control byte in the head") }
            line.append(byte)
        }
    }

    private func redirect(_ status: Int, _ headers: [ClientHTTPResponse.Header], from url: HTTPURL) -> ClientHTTPError {
        let location = headers.first { $0.name == "location" }?.value ?? ""
        if location.hasPrefix("/"), !location.hasPrefix("//") {
            return .redirected(status: status, host: "another path of \(url.host.text)")
        }
        // Only the host: the rest could repeat what was sent.
        let target = try? HTTPURL(parsing: location)
        return .redirected(status: status, host: target?.host.text ?? "an unreadable address")
    }
}

extension ResponseReader {
    private mutating func readBody(
        _ headers: [ClientHTTPResponse.Header], mayBeChunked: Bool
    ) throws(ClientHTTPError) -> Secret {
        if status == 204 { return Secret("") }
        let lengths = headers.filter { $0.name == "content-length" }
        let codings = headers.filter { $0.name == "transfer-encoding" }
        switch (lengths.count, codings.count) {
        case (1, 0): return try readCounted(lengths[0].value)
        case (0, 1) where codings[0].value.lowercased() == "chunked" && mayBeChunked: return try readChunked()
        case (0, 1): throw malformed("a transfer coding other than chunked")
        case (0, 0): throw malformed("neither Content-Length nor chunked, so its end cannot be known")
        default: throw malformed("contradictory or repeated Content-Length and Transfer-Encoding")
        }
    }

    private mutating func readCounted(_ text: String) throws(ClientHTTPError) -> Secret {
        guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy(\.isDigit), let length = Int(text) else {
            throw malformed("a Content-Length that is no number")
        }
        guard length <= Self.bodyLimit else { throw .answerTooLarge(limit: Self.bodyLimit) }
        var body = SecretBuilder(capacity: length)
        try input.read(length, into: &body)
        return body.finish()
    }

    private mutating func readChunked() throws(ClientHTTPError) -> Secret {
        var body = SecretBuilder(capacity: 4096)
        while true {
            let size = try readChunkSize()
            if size == 0 { break }
            guard body.count + size <= Self.bodyLimit else { throw .answerTooLarge(limit: Self.bodyLimit) }
            try input.read(size, into: &body)
            guard try next() == 0x0D, try next() == 0x0A else { throw malformed("a chunk longer than its size") }
        }
        // Trailers are checked as headers are, and dropped.
        _ = try readHeaders()
        return body.finish()
    }

    /// Hexadecimal digits and nothing else: chunk extensions are not used by anyone we talk to.
    private mutating func readChunkSize() throws(ClientHTTPError) -> Int {
        headBytes = 0
        let line = try readLine()
        guard (1...8).contains(line.count), line.allSatisfy(\.isHexDigit),
            let size = Int(String(decoding: line, as: UTF8.self), radix: 16)
        else { throw malformed("a chunk without a valid size") }
        return size
    }

    private mutating func next() throws(ClientHTTPError) -> UInt8 { try input.next() }

    private func malformed(_ fault: String) -> ClientHTTPError { .malformedAnswer(fault, status: status) }
}
