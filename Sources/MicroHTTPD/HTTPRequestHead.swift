/// What is known of a request before its body is read: enough to refuse it early.
package struct HTTPRequestHead: Sendable {
    /// The method to serve. A HEAD request shows as `.get`: the server leaves the answer's body out by itself.
    package let method: HTTPMethod
    /// Whether the client sent HEAD.
    package let isHead: Bool
    /// The path as sent, still percent-encoded, beginning with `/`. Compare whole known paths only.
    package let path: String
    /// What stood after `?`, as sent; nil when there was no `?`. Never log it.
    package let query: String?
    /// The fields, without Authorization and X-Amz-Security-Token.
    package let headers: HTTPHeaders
    /// The body's announced length in bytes; nil when none was announced (no body, or a chunked one).
    package let contentLength: UInt64?
    /// Whether the body comes in chunks, its length unknown.
    package let isChunked: Bool
    /// The other end of the connection.
    package let peer: PeerAddress

    /// A head made by hand, for tests and fakes.
    package init(
        method: HTTPMethod, isHead: Bool = false, path: String, query: String? = nil, headers: HTTPHeaders = .init(),
        contentLength: UInt64? = nil, isChunked: Bool = false, peer: PeerAddress = .loopback
    ) {
        self.method = method
        self.isHead = isHead
        self.path = path
        self.query = query
        self.headers = headers
        self.contentLength = contentLength
        self.isChunked = isChunked
        self.peer = peer
    }

    /// Whether a body follows.
    package var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 section 10.1.1).
    var expectsContinue: Bool { headers["expect"]?.equalsIgnoringASCIICase("100-continue") ?? false }
}

extension HTTPRequestHead: CustomStringConvertible, CustomReflectable {
    /// Method and path only.
    package var description: String { "\(isHead ? "HEAD" : method.rawValue) \(path)" }
    /// Shows no children: the query may hold a secret.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
