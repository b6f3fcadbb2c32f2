import Glibc

/// An IPv4 or IPv6 address as its bytes. An IPv4 address that is written inside IPv6 is the IPv4 address.
struct IPAddress: Sendable, Equatable {
    /// 4 or 16 of them, as on the wire.
    let bytes: [UInt8]

    /// Reads the usual notations (inet_pton's), without brackets; nil for everything else.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        let isIPv4 = !text.utf8.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isIPv4 ? 4 : 16)
        // inet_pton writes 4 or 16 bytes, by the family, into an array of as many.
        guard unsafe inet_pton(isIPv4 ? AF_INET : AF_INET6, text, &bytes) == 1 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.bytes = bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }

    /// Whether the first `count` bits are those of `network`, an address of the same kind.
    func sharesPrefix(of count: Int, with network: IPAddress) -> Bool {
        guard bytes.count == network.bytes.count, count <= bytes.count * 8 else { return false }
        return (0..<count).allSatisfy { bit in
            (bytes[bit / 8] ^ network.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}
