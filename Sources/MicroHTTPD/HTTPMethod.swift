/// A request method this server serves. Any other is answered 501 by the server itself, without asking a route.
package enum HTTPMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    /// This and `query` are served nowhere: they are here so that a route can say 405 to them with the methods it takes.
    case trace = "TRACE"
    case query = "QUERY"
}
