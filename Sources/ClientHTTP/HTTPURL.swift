/// An absolute `http` or `https` URL (RFC 3986), kept as it was written but for the letter case of scheme and host.
///
/// What different readers of a URL take differently is refused: user names, fragments, spaces, backslashes, control
/// bytes, numbers that only some resolvers read as an address (`127.1`, `0x7f000001`).
package struct HTTPURL: Sendable, Equatable {
    /// The two schemes.
    package enum Scheme: String, Sendable {
        case http, https

        var defaultPort: UInt16 { self == .https ? 443 : 80 }
    }

    package let scheme: Scheme
    package let host: URLHost
    /// As given, or the scheme's own.
    package let port: UInt16
    /// Path and query as sent in the request line; begins with `/`.
    package let target: String

    /// Whether there is a query, be it an empty one.
    package var hasQuery: Bool { target.utf8.contains(UInt8(ascii: "?")) }

    /// The value of the Host header: the port only where it is not the scheme's own.
    package var authority: String { port == scheme.defaultPort ? host.bracketed : "\(host.bracketed):\(port)" }

    /// Scheme and authority, for messages: neither path nor query, which may hold what a log should not.
    package var origin: String { "\(scheme.rawValue)://\(authority)" }

    /// The same URL with `name=value` appended to the query, the value percent-encoded.
    package func appendingQuery(_ name: String, _ value: String) -> HTTPURL {
        let separator = !hasQuery ? "?" : target.hasSuffix("?") || target.hasSuffix("&") ? "" : "&"
        return with(target: target + separator + name + "=" + PercentEncoding.encode(value))
    }

    /// The same URL with `path` below its own. The URL must have no query.
    package func appendingPath(_ path: String) -> HTTPURL {
        precondition(!hasQuery, "a path cannot follow a query")
        return with(target: target.hasSuffix("/") ? target + path : target + "/" + path)
    }

    private func with(target: String) -> HTTPURL {
        HTTPURL(scheme: scheme, host: host, port: port, target: target)
    }
}

extension HTTPURL {
    /// What is wrong with a URL, as the rest of a sentence that begins with what the URL is.
    package struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Reads `text`, all of it.
    package init(parsing text: String) throws(Fault) {
        try Self.checkBytes(of: text)
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { throw Self.noScheme }
        guard let scheme = Scheme(rawValue: text[..<colon].lowercased()) else { throw Self.noScheme }
        let rest = text[colon...].dropFirst(3)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let (host, port) = try Self.authority(rest[..<end], scheme: scheme)
        let target = rest[end...]
        self.init(scheme: scheme, host: host, port: port, target: target.hasPrefix("/") ? String(target) : "/" + target)
    }

    private static let noScheme = Fault(description: "must begin with https:// (or http://)")

    private static func checkBytes(of text: String) throws(Fault) {
        guard text.utf8.count <= 4096 else { throw Fault(description: "is longer than 4096 bytes") }
        if text.utf8.contains(UInt8(ascii: "#")) { throw Fault(description: "must not have a fragment ('#')") }
        guard text.utf8.allSatisfy(PercentEncoding.isURLByte) else {
            throw Fault(description: "holds a character that no URL may hold; percent-encode it")
        }
        guard PercentEncoding.isWellFormed(text) else {
            throw Fault(description: "holds a '%' that two hexadecimal digits do not follow")
        }
    }

    private static func authority(_ text: Substring, scheme: Scheme) throws(Fault) -> (URLHost, UInt16) {
        if text.utf8.contains(UInt8(ascii: "@")) { throw Fault(description: "must not hold a user name or password") }
        let (hostText, portText) = try splitPort(text)
        guard let host = URLHost(parsing: hostText) else { throw Fault(description: "has no valid host") }
        guard let portText else { return (host, scheme.defaultPort) }
        guard portText.utf8.allSatisfy(\.isDigit), let port = UInt16(portText), port > 0 else {
            throw Fault(description: "has no valid port (1 to 65535)")
        }
        return (host, port)
    }

    private static func splitPort(_ text: Substring) throws(Fault) -> (Substring, Substring?) {
        let afterAddress = text.hasPrefix("[") ? text.firstIndex(of: "]") ?? text.endIndex : text.startIndex
        guard let colon = text[afterAddress...].firstIndex(of: ":") else { return (text, nil) }
        return (text[..<colon], text[text.index(after: colon)...])
    }
}
