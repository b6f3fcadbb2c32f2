/// The host of a URL: a name or an address.
package enum URLHost: Sendable, Equatable {
    /// A DNS name in lower case, without a final dot.
    case name(String)
    case ipv4(String)
    /// Without brackets.
    case ipv6(String)

    /// Reads a URL's host; nil for everything that is not surely one of the three.
    init?(parsing text: some StringProtocol) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let address = text.dropFirst().dropLast().lowercased()
            guard address.utf8.contains(UInt8(ascii: ":")), IPAddress(address) != nil else { return nil }
            self = .ipv6(address)
        } else if let last = text.split(separator: ".").last, Self.looksLikeNumber(last) {
            guard IPAddress(text) != nil else { return nil }
            self = .ipv4(String(text))
        } else {
            guard Self.isName(text) else { return nil }
            self = .name(text.lowercased())
        }
    }

    /// As in messages and certificates.
    package var text: String {
        switch self {
        case .name(let text), .ipv4(let text), .ipv6(let text): text
        }
    }

    /// As in a URL.
    var bracketed: String {
        if case .ipv6(let text) = self { "[\(text)]" } else { text }
    }

    /// Whether the host is this machine whatever a resolver says. `localhost` counts, because it is never looked up.
    package var isLoopback: Bool {
        switch self {
        case .name(let name): name == Self.localhost
        case .ipv4(let address): address.hasPrefix("127.")
        case .ipv6(let address): address == "::1"
        }
    }

    /// The name of the machine itself (RFC 6761 section 6.3).
    static let localhost = "localhost"

    /// Resolvers read a name whose last label is a number as an address in one of several old notations.
    private static func looksLikeNumber(_ label: some StringProtocol) -> Bool {
        label.utf8.allSatisfy(\.isDigit) || label.lowercased().hasPrefix("0x")
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        guard text.utf8.count <= 253 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy {
                    $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
    }
}
