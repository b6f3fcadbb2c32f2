import Secrets

/// An HTTP proxy: where it is, and the name and password it knows us by.
package struct Proxy: Sendable, Equatable {
    private let host: URLHost
    private let port: UInt16
    /// `user:password`; nil for a proxy that asks for none.
    let credentials: Secret?

    /// Host and port, for messages: never the user.
    package var address: String { "\(host.bracketed):\(port)" }

    /// Reads `http://user:password@host:port`. The scheme may be left out, and the port is 80 without one. User and
    /// password are percent-decoded. No fault repeats what was read, for it may be the password.
    package init(parsing text: String) throws(HTTPURL.Fault) {
        let rest = try Self.withoutScheme(text)
        let at = rest.lastIndex(of: "@")
        let url = try HTTPURL(parsing: "http://" + rest[(at.map(rest.index(after:)) ?? rest.startIndex)...])
        guard url.target == "/" else { throw HTTPURL.Fault(description: "must not have a path or a query") }
        host = url.host
        port = url.port
        credentials = try at.map { (end) throws(HTTPURL.Fault) in try Self.decoded(rest[..<end]) }
    }

    private static func withoutScheme(_ text: String) throws(HTTPURL.Fault) -> Substring {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return text[...] }
        guard text[..<colon].lowercased() == "http" else {
            throw HTTPURL.Fault(
                description: "must begin with http://, for the client talks to HTTP proxies only, not by TLS or SOCKS")
        }
        return text[colon...].dropFirst(3)
    }

    private static func decoded(_ userinfo: Substring) throws(HTTPURL.Fault) -> Secret {
        guard let bytes = PercentEncoding.decode(userinfo) else {
            throw HTTPURL.Fault(
                description: "holds a '%' that two hexadecimal digits do not follow; write a '%' of the password as %25"
            )
        }
        let hasColon = userinfo.utf8.contains(UInt8(ascii: ":"))
        return Secret((hasColon ? bytes : bytes + [UInt8(ascii: ":")]).span)
    }

    /// A connection to the proxy.
    func connect(until deadline: Deadline) throws(ClientHTTPError) -> Socket {
        do throws(ClientHTTPError) {
            return try Socket.connect(to: host, port: port, named: address, until: deadline)
        } catch .notConnected(_, let reason), .nameNotResolved(_, let reason) {
            throw .proxyNotReached(proxy: address, reason: reason)
        }
    }
}
