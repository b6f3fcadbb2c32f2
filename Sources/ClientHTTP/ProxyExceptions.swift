/// The servers that are reached without the proxy: what `NO_PROXY` lists, read as Go's and curl's clients read it.
package struct ProxyExceptions: Sendable, Equatable {
    private let entries: [Entry]

    /// Reads entries that commas or spaces part. What is none of them names no server and is passed over, because the
    /// variable is written for many programs.
    package init(parsing text: String) {
        entries = text.split { $0 == "," || $0.isWhitespace }.map { Entry(parsing: $0.lowercased()) }
    }

    /// Whether `url` is to be reached without the proxy.
    package func cover(_ url: HTTPURL) -> Bool {
        entries.contains { $0.port == nil || $0.port == url.port ? $0.pattern.covers(url.host) : false }
    }
}

/// One entry.
private struct Entry: Equatable {
    let pattern: Pattern
    /// nil for every port.
    let port: UInt16?

    enum Pattern: Equatable {
        /// `*`.
        case all
        /// `example.com`: the name, and every name below it.
        case name(String)
        /// `.example.com` or `*.example.com`, kept with its dot: every name below it.
        case suffix(String)
        case address(IPAddress)
        /// `10.0.0.0/8`.
        case network(IPAddress, bits: Int)
        case nothing
    }

    init(parsing text: String) {
        if text == "*" {
            (pattern, port) = (.all, nil)
        } else if let slash = text.firstIndex(of: "/") {
            (pattern, port) = (Self.network(text[..<slash], text[text.index(after: slash)...]), nil)
        } else if let address = IPAddress(text) {
            (pattern, port) = (.address(address), nil)
        } else {
            let (host, port) = Self.splitPort(text)
            (pattern, self.port) = (Self.host(host), port)
        }
    }

    private static func network(_ address: Substring, _ bits: Substring) -> Pattern {
        guard let address = IPAddress(address), bits.utf8.allSatisfy(\.isDigit), let bits = Int(bits) else {
            return .nothing
        }
        return bits <= address.bytes.count * 8 ? .network(address, bits: bits) : .nothing
    }

    /// The port behind the last colon; a text without one is all host.
    private static func splitPort(_ text: String) -> (Substring, UInt16?) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return (text[...], nil)
        }
        return (text[..<colon], port)
    }

    private static func host(_ text: Substring) -> Pattern {
        let unbracketed = text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text
        if let address = IPAddress(unbracketed) { return .address(address) }
        let name = text.hasPrefix("*.") ? text.dropFirst() : text
        guard name.utf8.contains(where: { $0 != UInt8(ascii: ".") }) else { return .nothing }
        return name.hasPrefix(".") ? .suffix(String(name)) : .name(String(name))
    }
}

extension Entry.Pattern {
    fileprivate func covers(_ host: URLHost) -> Bool {
        switch (self, host) {
        case (.all, _): true
        case (.name(let name), .name(let host)): host == name || host.hasSuffix("." + name)
        case (.suffix(let suffix), .name(let host)): host.hasSuffix(suffix)
        case (.address(let address), .ipv4(let text)), (.address(let address), .ipv6(let text)):
            IPAddress(text) == address
        case (.network(let network, let bits), .ipv4(let text)), (.network(let network, let bits), .ipv6(let text)):
            IPAddress(text)?.sharesPrefix(of: bits, with: network) ?? false
        case (.nothing, _), (.name, _), (.suffix, _), (.address, _), (.network, _): false
        }
    }
}
