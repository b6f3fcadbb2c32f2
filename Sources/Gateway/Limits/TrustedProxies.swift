import Glibc
import MicroHTTPD

/// Whose word on the caller's address is taken: networks of proxies, and perhaps the Unix socket.
struct TrustedProxies: Sendable, Equatable {
    private let networks: [AddressNetwork]

    static let none = TrustedProxies(networks: [])

    private init(networks: [AddressNetwork]) { self.networks = networks }

    /// Reads addresses and CIDRs with commas between, `unix` for a proxy at the Unix socket. Nil when one of them is none.
    init?(setting text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmingWhitespace)
        let networks = parts.compactMap(AddressNetwork.init(parsing:))
        guard networks.count == parts.count else { return nil }
        self.networks = networks
    }

    /// The address that a request came from: the peer's, or what trusted proxies say of it. `forwardedFor` is the value of
    /// X-Forwarded-For, to which each proxy adds its peer at the end; only what trusted ones added counts.
    func source(of peer: PeerAddress, forwardedFor: String?) -> PeerAddress {
        guard let forwardedFor, trusts(peer) else { return peer }
        var source = peer
        for part in forwardedFor.split(separator: ",", omittingEmptySubsequences: false).reversed() {
            guard let bytes = addressBytes(part.trimmingWhitespace) else { return source }
            source = PeerAddress(bytes: bytes, port: 0)
            if !trusts(source) { return source }
        }
        return source
    }

    private func trusts(_ address: PeerAddress) -> Bool { networks.contains { $0.contains(address.bytes) } }
}

/// Addresses that begin with the same bits.
private struct AddressNetwork: Sendable, Equatable {
    private let prefix: [UInt8]
    private let bits: Int

    init?(parsing text: String) {
        if text == "unix" {
            (prefix, bits) = ([], 0)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = addressBytes(String(parts[0])) else { return nil }
        let most = bytes.count * 8
        let bits = parts.count == 2 ? Int(digits: parts[1]) : most
        // A /0 would take anybody's word; bits beyond the prefix are a slip.
        guard let bits, (1...most).contains(bits), Self.masked(bytes, bits) == bytes else { return nil }
        (prefix, self.bits) = (bytes, bits)
    }

    func contains(_ address: [UInt8]) -> Bool {
        address.count == prefix.count && Self.masked(address, bits) == prefix
    }

    private static func masked(_ bytes: [UInt8], _ bits: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let left = min(max(bits - index * 8, 0), 8)
            return byte & ~(UInt8.max >> left)
        }
    }
}

/// The bytes of an IPv4 or IPv6 address in its usual notation, an IPv4 address mapped into IPv6 as IPv4.
private func addressBytes(_ text: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 16)
    // inet_pton writes 4 or 16 bytes into an array of ours that has 16.
    if unsafe inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
    guard unsafe inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
    return PeerAddress(bytes: bytes, port: 0).bytes
}

extension StringProtocol {
    fileprivate var trimmingWhitespace: String {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
