import ExchangeCore

/// The URL by which AWS knows the gateway as a provider, and the `iss` of its tokens.
///
/// AWS wants https without a port, a query or a slash at the end, 255 characters at most. On loopback, which AWS never sees,
/// http and a port are taken for tests and the demo.
struct OwnIssuerURL: Sendable, Equatable, CustomStringConvertible {
    let description: String
    /// Its path, empty or beginning with a slash: what comes before `/.well-known/` in a request.
    let path: String

    /// Fails with what is wrong and what to write.
    init(parsing text: String) throws(StartFailure) {
        let url: IssuerURL
        do throws(IssuerURLFault) { url = try IssuerURL(parsing: text, allowPlaintext: false) } catch {
            throw StartFailure("issuer_url: \(error), like https://ci-issuer.example.com")
        }
        let rest = text.dropFirst(url.isPlaintext ? "http://".count : "https://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let afterHost = authority.first == "[" ? authority.drop { $0 != "]" } : authority
        guard text.utf8.count <= 255 else { throw StartFailure("issuer_url: AWS takes 255 characters; shorten it") }
        guard !text.contains("?") else { throw StartFailure("issuer_url: AWS takes no query; leave it out") }
        guard text.last != "/" else { throw StartFailure("issuer_url: leave the slash at the end out") }
        guard url.isLoopback || !afterHost.contains(":") else {
            throw StartFailure("issuer_url: AWS takes no port; serve it at 443 and leave the port out")
        }
        description = text
        path = String(rest.dropFirst(authority.count))
    }
}
