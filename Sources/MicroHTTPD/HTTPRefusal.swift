/// Why the server answers a request by itself. A closure given at start makes the answer, so that it can be a problem
/// document; `status` is what it should say.
package enum HTTPRefusal: Sendable, Equatable {
    /// The request could be read in two ways, or breaks the protocol: 400, and the connection is closed.
    case malformed(HTTPFault)
    /// The client's TLS certificate is missing or not good: 403, and the connection is closed.
    case clientCertificate(ClientCertificateFault)
    /// A method this server does not know: 501.
    case unknownMethod
    /// A body longer than the cap: 413, and the connection is closed.
    case bodyTooLarge(limit: Int)
    /// The server is stopping: 503, and the connection is closed.
    case stopping
    /// The handler missed its deadline, or was cut off by the end of the drain: 503.
    case overdue

    /// The status to answer with.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .clientCertificate: 403
        case .unknownMethod: 501
        case .bodyTooLarge: 413
        case .stopping, .overdue: 503
        }
    }

    /// A fixed sentence for the caller.
    package var sentence: String {
        switch self {
        case .malformed(let fault): "The request is malformed: \(fault.rawValue)."
        case .clientCertificate(let fault): "The client's TLS certificate is not accepted: \(fault.rawValue)."
        case .unknownMethod: "This method is not implemented."
        case .bodyTooLarge(let limit): "The body is longer than \(limit) bytes."
        case .stopping: "The server is stopping; try again."
        case .overdue: "The request took too long; try again."
        }
    }

    /// The answer in plain text.
    package var plainResponse: HTTPResponse { .text(status, sentence) }
}

/// What is wrong with a malformed request, in words for its sender. Most of these are ways to smuggle a second request
/// past a proxy that reads them otherwise (RFC 9112 section 11.2).
package enum HTTPFault: String, Error, Sendable, CaseIterable {
    case target = "the target must be a path that begins with / and holds no spaces or control bytes"
    case headerName = "a header name holds a byte that is not allowed"
    case headerValue = "a header value holds a control byte"
    case lineStructure = "a line of the header has no name, is folded, holds a NUL byte or does not end with CR LF"
    case missingHost = "HTTP/1.1 requires a Host header"
    case duplicateHeader = "a header that may stand once stands twice"
    case contentLength = "Content-Length is not a number"
    case transferEncoding = "the only Transfer-Encoding accepted is chunked"
    case lengthAndEncoding = "Content-Length and Transfer-Encoding exclude each other"
    case expectationWithoutBody = "Expect: 100-continue needs a body to wait for"
    case encodingBeforeHTTP11 = "HTTP/1.0 has no Transfer-Encoding"
}

/// What is wrong with a client's TLS certificate, in words for its sender.
package enum ClientCertificateFault: String, Error, Sendable, CaseIterable {
    case missing = "none was presented, and one is required"
    case untrusted = "it is not of an authority trusted here"
    case expired = "it has expired"
    case purpose = "its extended key usage does not include client authentication"
}
