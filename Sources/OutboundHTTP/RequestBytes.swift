import Secrets

extension OutboundRequest {
    /// The whole request as it goes over the wire (RFC 9112), in one piece.
    ///
    /// A line break in a header would forge another header or a second request, so such a request is refused.
    func bytes(userAgent: String) throws(OutboundFailure) -> Secret {
        var bytes = SecretBuilder(capacity: 512 + url.target.utf8.count + (body?.count ?? 0))
        bytes.append(text: method == .get ? "GET " : "POST ")
        bytes.append(text: url.target)
        bytes.append(text: " HTTP/1.1\r\nHost: ")
        bytes.append(text: url.authority)
        bytes.append(text: "\r\nUser-Agent: ")
        bytes.append(text: userAgent)
        bytes.append(text: "\r\nAccept: */*\r\n")
        for (name, value) in headers { try bytes.append(header: name, value.utf8.span) }
        for (name, value) in secretHeaders {
            try value.withBytes { (value) throws(OutboundFailure) in try bytes.append(header: name, value) }
        }
        if method == .post {
            bytes.append(text: "Content-Length: ")
            bytes.append(text: String(body?.count ?? 0))
            bytes.append(text: "\r\n")
        }
        bytes.append(text: "\r\n")
        if method == .post { body?.withBytes { bytes.append($0) } }
        return bytes.finish()
    }
}

extension SecretBuilder {
    fileprivate mutating func append(text: String) { append(text.utf8.span) }

    fileprivate mutating func append(header name: String, _ value: Span<UInt8>) throws(OutboundFailure) {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            throw .invalidRequest("a header's name is no token")
        }
        for index in value.indices where value[index] < 0x20 && value[index] != 0x09 || value[index] == 0x7F {
            throw .invalidRequest("the header \(name) holds a control character")
        }
        append(text: name)
        append(text: value.isEmpty ? ":" : ": ")
        append(value)
        append(text: "\r\n")
    }
}

/// RFC 9110 section 5.6.2.
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
