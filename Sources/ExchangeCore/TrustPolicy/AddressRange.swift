/// An address, or a range of them as `203.0.113.0/24`, as far as lint must read it.
struct AddressRange {
    /// How many leading bits are fixed.
    let prefix: Int
    let isIPv4: Bool
    /// The leading 16 bits.
    private let front: UInt16

    /// Nil for what is neither an IPv4 nor an IPv6 address with an optional prefix.
    init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { return nil }
        let octets = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        if octets.count == 4, let first = octets[0], let second = octets[1], octets.allSatisfy({ $0 != nil }) {
            isIPv4 = true
            front = UInt16(first) << 8 | UInt16(second)
        } else if parts[0].contains(":"),
            parts[0].utf8.allSatisfy({ $0.isHexadecimal || ":.".utf8.contains($0) })
        {
            isIPv4 = false
            let group = parts[0].prefix { $0 != ":" }
            guard let front = group.isEmpty ? 0 : UInt16(group, radix: 16) else { return nil }
            self.front = front
        } else {
            return nil
        }
        let longest = isIPv4 ? 32 : 128
        guard let prefix = parts.count == 2 ? Int(parts[1]) : longest, (0...longest).contains(prefix) else {
            return nil
        }
        self.prefix = prefix
    }

    /// Whether it spans more than one owner's addresses can: no allocation is larger than a /8, or in IPv6 a /19.
    var isWide: Bool { prefix < (isIPv4 ? 8 : 19) }

    /// Whether AWS can never see it as the source of a request over the internet: RFC 1918, RFC 6598, loopback, link-local, and
    /// IPv6's unique local addresses.
    var isPrivate: Bool {
        guard isIPv4 else { return prefix >= 7 && front & 0xFE00 == 0xFC00 || prefix >= 10 && front & 0xFFC0 == 0xFE80 }
        let first = front >> 8
        let second = front & 0xFF
        return prefix >= 8 && (first == 10 || first == 127) || prefix >= 12 && first == 172 && second & 0xF0 == 16
            || prefix >= 16 && (first == 192 && second == 168 || first == 169 && second == 254)
            || prefix >= 10 && first == 100 && second & 0xC0 == 64
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}
