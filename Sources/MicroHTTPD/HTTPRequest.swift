package import Secrets

/// A whole request, its body read and within the cap.
///
/// What may be secret is a `Secret`: the Authorization header and the body. `description` shows method and path only.
package struct HTTPRequest: Sendable {
    /// Method, path, query, fields and peer.
    package let head: HTTPRequestHead
    /// The value of the Authorization field; nil when there was none.
    package let authorization: Secret?
    /// The body; empty when there was none.
    package let body: Secret
    /// When the server gives up on the handler, counted from the end of the headers. Work should end before it.
    package let deadline: ContinuousClock.Instant

    /// A request made by hand, for tests and fakes.
    package init(head: HTTPRequestHead, authorization: Secret?, body: Secret, deadline: ContinuousClock.Instant) {
        self.head = head
        self.authorization = authorization
        self.body = body
        self.deadline = deadline
    }

    /// The method to serve; `.get` for HEAD (`head.isHead` tells).
    package var method: HTTPMethod { head.method }
    /// The path as sent, beginning with `/`.
    package var path: String { head.path }
    /// What stood after `?`; nil when there was no `?`. Never log it.
    package var query: String? { head.query }
    /// The fields, without Authorization and X-Amz-Security-Token.
    package var headers: HTTPHeaders { head.headers }
    /// The other end of the connection.
    package var peer: PeerAddress { head.peer }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
    /// Method and path only.
    package var description: String { head.description }
    /// Shows no children.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
