package import Secrets

/// An answer with its whole body.
package struct ClientHTTPResponse: Sendable {
    /// 200 to 299 or 400 to 599: anything else is an error.
    package let status: Int
    /// In the order received, names in lower case.
    package let headers: [Header]
    /// A secret, because it may be a token or credentials. Empty when there was none.
    package let body: Secret

    /// One header field, its value without the space around it.
    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    /// The value of the first header named `name`, which is given in lower case; nil without one.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}
