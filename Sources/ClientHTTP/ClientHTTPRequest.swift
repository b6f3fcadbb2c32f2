package import Secrets

/// One request. `Host`, `Content-Length`, `Connection` and `User-Agent` are added when it is sent.
package struct ClientHTTPRequest: Sendable {
    /// The methods the client needs.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// The value of a header.
    package enum HeaderValue: Sendable, Equatable {
        case text(String)
        /// `Bearer `, then the secret's bytes.
        case bearer(Secret)
    }

    /// One header field.
    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: HeaderValue

        package init(_ name: String, _ value: HeaderValue) {
            self.name = name
            self.value = value
        }
    }

    package var method: Method
    package var url: HTTPURL
    /// The proxy to go through; nil goes straight to the server.
    package var proxy: Proxy?
    package var headers: [Header]
    /// Sent as it is; nil sends none.
    package var body: [UInt8]?

    package init(
        _ method: Method, _ url: HTTPURL, through proxy: Proxy? = nil, headers: [Header] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.proxy = proxy
        self.headers = headers
        self.body = body
    }
}

extension ClientHTTPRequest {
    /// Whether `secret` can be sent in a header as it is: visible ASCII only, so that it cannot end the line.
    package static func isFitForHeader(_ secret: Secret) -> Bool {
        secret.withBytes { bytes in
            bytes.indices.allSatisfy { (0x21...0x7E).contains(bytes[$0]) }
        }
    }

    /// The bytes on the wire, in a buffer that is wiped. Header values must be fit; that is the caller's to see to.
    func encoded(userAgent: String) -> Secret {
        var wire = SecretBuilder(capacity: 1024 + (body?.count ?? 0))
        // A proxy without a tunnel is told the whole address (RFC 9112 section 3.2.2).
        let plainProxy = url.scheme == .http ? proxy : nil
        let target = plainProxy == nil ? url.target : url.origin + url.target
        wire.append("\(method.rawValue) \(target) HTTP/1.1\r\nHost: \(url.authority)\r\n")
        if let plainProxy { wire.append(authorizationFor: plainProxy) }
        wire.append("User-Agent: \(userAgent)\r\nConnection: close\r\n")
        for header in headers { wire.append(header) }
        if let body { wire.append("Content-Length: \(body.count)\r\n") }
        wire.append("\r\n")
        if let body { wire.append(body.span) }
        return wire.finish()
    }
}

extension SecretBuilder {
    mutating func append(_ text: String) {
        for byte in text.utf8 { append(byte) }
    }

    /// The header with which a proxy knows us; nothing for one that asks for none.
    mutating func append(authorizationFor proxy: Proxy) {
        guard let credentials = proxy.credentials else { return }
        append("Proxy-Authorization: Basic ")
        credentials.withBytes { append(base64: $0) }
        append("\r\n")
    }

    /// `bytes` in base64 (RFC 4648 section 4).
    private mutating func append(base64 bytes: Span<UInt8>) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for index in 0..<3 { group = group << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
            for index in 0..<4 {
                let value = Int(group >> UInt32(18 - 6 * index) & 63)
                append(index <= count ? alphabet[value] : UInt8(ascii: "="))
            }
        }
    }

    fileprivate mutating func append(_ header: ClientHTTPRequest.Header) {
        precondition(header.name.utf8.allSatisfy(\.isTokenCharacter), "a header's name is ours")
        append("\(header.name): ")
        switch header.value {
        case .text(let text):
            precondition(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a header's text is ours")
            append(text)
        case .bearer(let secret):
            precondition(ClientHTTPRequest.isFitForHeader(secret), "the caller checks isFitForHeader first")
            append("Bearer ")
            secret.withBytes { append($0) }
        }
        append("\r\n")
    }
}
