package import Secrets

/// A whole answer, whatever its status: redirects and errors too are the caller's to judge.
package struct OutboundResponse: Sendable {
    /// The status of the final answer.
    package let status: Int
    /// The body, a secret because STS answers with credentials.
    package let body: Secret
    private let fields: [(name: String, value: String)]

    /// Takes the header lines in order, names in lower case.
    init(status: Int, fields: [(name: String, value: String)], body: Secret) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The first value of the header `name` whatever its case, or nil where there is none.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name == name }?.value
    }
}
