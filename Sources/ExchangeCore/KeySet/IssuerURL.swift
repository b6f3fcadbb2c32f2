/// The URL of an issuer or of its key set, checked: an absolute `https` URL, or `http` where plaintext is allowed.
package struct IssuerURL: Sendable, Equatable, CustomStringConvertible {
    package let description: String
    /// Whether it is `http`.
    package let isPlaintext: Bool
    /// Whether the host is `localhost`, `127.0.0.0/8` or `[::1]`, by name; nothing is resolved.
    package let isLoopback: Bool

    /// Checks `text`. `http` is for a loopback host, or for any when `allowPlaintext`. Fails with a sentence for the
    /// log.
    package init(parsing text: String, allowPlaintext: Bool) throws(IssuerURLFault) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.unsafe.contains($0) })
        else {
            throw .malformed
        }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { throw .scheme }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !text.contains("#"), let host = Self.host(of: authority) else {
            throw .malformed
        }
        description = text
        isPlaintext = scheme == "http://"
        isLoopback = Self.isLoopback(host)
        if isPlaintext, !isLoopback, !allowPlaintext { throw .plaintext }
    }

    /// `"`, `<`, `>`, `\`, `^`, a backquote, `{`, `|` and `}`: RFC 3986 knows none of them, and parsers differ on them.
    private static let unsafe = Array(#""<>\^`{|}"#.utf8)

    /// The host without the port; nil when either is malformed.
    private static func host(of authority: Substring) -> Substring? {
        let host: Substring
        let port: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            port = authority[authority.index(after: end)...]
            guard host.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                return nil
            }
        } else {
            host = authority.prefix { $0 != ":" }
            port = authority.dropFirst(host.count)
            guard host.utf8.allSatisfy({ $0.isLetter || $0.isDigit || "-.".utf8.contains($0) }) else { return nil }
        }
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        return port.isEmpty || isPort(port) ? host : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard text.first == ":", let number = UInt16(text.dropFirst()) else { return false }
        return number > 0 && text.dropFirst().utf8.allSatisfy(\.isDigit)
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// Why a text is no URL that keys are fetched from.
package enum IssuerURLFault: Error, Sendable, Equatable, CustomStringConvertible {
    case malformed
    case scheme
    case plaintext

    package var description: String {
        switch self {
        case .malformed: "no URL with a host, or with user, fragment or characters that a URL has not"
        case .scheme: "the URL must begin with https://"
        case .plaintext: "http is for loopback only; use https, or allow plaintext for this issuer"
        }
    }
}
