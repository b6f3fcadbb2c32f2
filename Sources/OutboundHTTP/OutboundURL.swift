/// An address that may be called: https anywhere, http on loopback or where the operator allows it.
///
/// Parsed strictly and once, so that what we checked is what libcurl connects to: no user information, no fragment,
/// no backslash, no host that some resolvers read as a number (`0x7f.1`, `2130706433`). Issuer and STS addresses come
/// from the configuration, never from a token.
package struct OutboundURL: Sendable, Hashable, CustomStringConvertible {
    /// `https` or `http`.
    package let scheme: String
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    /// The port to connect to, whether written or the scheme's own.
    package let port: Int
    /// The path and query as written, beginning with `/`.
    package let target: String
    /// Whether the host is this machine.
    package let isLoopback: Bool

    /// The longest address taken, in bytes: more than any real one, and a bound for logs.
    package static let maximumLength = 2048

    /// Takes `text` apart, or says why it may not be called.
    ///
    /// - Parameter allowingPlaintext: takes `http` for any host, not only for loopback.
    package init(parsing text: String, allowingPlaintext: Bool = false) throws(OutboundURLError) {
        try Self.checkCharacters(of: text)
        let (scheme, rest) = try Self.splitScheme(text)
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let (host, port) = try Self.splitAuthority(rest[..<authorityEnd])
        let address = try OutboundHost(parsing: host)
        guard scheme == "https" || allowingPlaintext || address.isLoopback else { throw .plaintext(host: address.name) }

        let target = rest[authorityEnd...]
        self.scheme = scheme
        self.host = address.name
        isLoopback = address.isLoopback
        self.port = try port.map(Self.parsePort) ?? (scheme == "https" ? 443 : 80)
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
    }

    /// Whether the port is the scheme's own, which a Host header leaves out.
    package var hasDefaultPort: Bool { port == (scheme == "https" ? 443 : 80) }

    /// The host and, unless it is the scheme's own, the port: what stands in a Host header.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return hasDefaultPort ? name : "\(name):\(port)"
    }

    /// The whole address in its normal form.
    package var description: String { "\(scheme)://\(authority)\(target)" }
}

extension OutboundURL {
    /// The characters of RFC 3986 but `#`, and `%` only before two hexadecimal digits.
    private static func checkCharacters(of text: String) throws(OutboundURLError) {
        guard text.utf8.count <= maximumLength else { throw .tooLong(limit: maximumLength) }
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                continue
            case UInt8(ascii: "%"):
                let digits = bytes.dropFirst(index + 1).prefix(2)
                guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
                    throw .character(byte)
                }
            case UInt8(ascii: "#"):
                throw .fragment
            default:
                guard "-._~:/?[]@!$&'()*+,;=".utf8.contains(byte) else { throw .character(byte) }
            }
        }
    }

    private static func splitScheme(_ text: String) throws(OutboundURLError) -> (scheme: String, rest: Substring) {
        for scheme in ["https", "http"] {
            let prefix = scheme + "://"
            if text.prefix(prefix.count).lowercased() == prefix { return (scheme, text.dropFirst(prefix.count)) }
        }
        throw .scheme
    }

    private static func splitAuthority(
        _ authority: Substring
    ) throws(OutboundURLError) -> (host: Substring, port: Substring?) {
        guard !authority.contains("@") else { throw .userInformation }
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .host(String(authority)) }
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw .host(String(authority)) }
            return (authority[...end], after.isEmpty ? nil : after.dropFirst())
        }
        guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func parsePort(_ text: Substring) throws(OutboundURLError) -> Int {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text), (1...65535).contains(port)
        else { throw .port(String(text)) }
        return port
    }
}
