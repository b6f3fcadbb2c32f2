package import Secrets

/// A whole answer, whatever its status: redirects and errors too are the caller's to judge.
package struct OutboundResponse: Sendable {
    /// The status of the final answer.
    package let status: Int
    /// The body, a secret because STS answers with credentials.
    package let body: Secret
    private let head: AnswerHead

    init(head: AnswerHead, body: Secret) {
        status = head.status
        self.head = head
        self.body = body
    }

    /// The first value of the header `name`, whatever its case; nil where there is none.
    package func header(_ name: String) -> String? { head.value(of: name.lowercased()) }
}
