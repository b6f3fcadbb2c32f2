package import Secrets

/// One request: where, what, how long it may take and how much may come back.
package struct OutboundRequest: Sendable {
    /// The two methods that issuers and STS need.
    package enum Method: Sendable {
        case get, post
    }

    package var method: Method
    package var url: OutboundURL
    /// Sent as they are, besides Host, Accept, User-Agent and Content-Length.
    package var headers: [(name: String, value: String)]
    /// Headers whose values must not be seen, sent after `headers`.
    package var secretHeaders: [(name: String, value: Secret)]
    /// The body of a POST; nil and empty are the same.
    package var body: Secret?
    /// For everything, from the call to the last byte, waiting for a free connection included.
    package var deadline: Duration
    /// The longest body taken. One byte more is `OutboundFailure.tooLarge`.
    package var maximumBytes: Int

    /// Makes a request. There are no default bounds: each caller knows its own.
    package init(
        method: Method = .get,
        url: OutboundURL,
        headers: [(name: String, value: String)] = [],
        secretHeaders: [(name: String, value: Secret)] = [],
        body: Secret? = nil,
        deadline: Duration,
        maximumBytes: Int
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.secretHeaders = secretHeaders
        self.body = body
        self.deadline = deadline
        self.maximumBytes = maximumBytes
    }
}
