package import Secrets

/// An answer.
///
/// The server adds Date, Content-Length and, where the connection ends, `Connection: close`. Fields of those names,
/// and Transfer-Encoding, are the server's: what a handler sets there is dropped, except that `Connection: close`
/// closes the connection after this answer.
package struct HTTPResponse: Sendable {
    /// The status code, 200 to 599.
    package var status: Int
    /// The fields, sent in this order. A name or value with a control byte makes the answer a 500.
    package var headers: [(name: String, value: String)]
    /// The body; not sent for HEAD, 204 and 304.
    package var body: HTTPBody

    /// An answer with an empty body unless given.
    package init(status: Int, headers: [(name: String, value: String)] = [], body: HTTPBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A plain text answer of one line.
    package static func text(_ status: Int, _ line: String) -> HTTPResponse {
        let type = (name: "Content-Type", value: "text/plain; charset=utf-8")
        return HTTPResponse(status: status, headers: [type], body: .bytes(Array("\(line)\n".utf8)))
    }
}

/// The body of an answer.
package enum HTTPBody: Sendable {
    /// Bytes that anyone may see. They are copied once and freed without wiping.
    case bytes([UInt8])
    /// Bytes sent from where they are, without a copy (TLS encrypts them from there), and wiped when the last
    /// reference goes.
    case secret(Secret)
}
