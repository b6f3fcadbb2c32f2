import Glibc

/// A host in its one accepted spelling, and whether it is this machine.
struct OutboundHost {
    /// In lower case, without brackets.
    let name: String
    /// `localhost`, 127.0.0.0/8 or `::1`. libcurl resolves `localhost` to loopback without asking DNS.
    let isLoopback: Bool

    /// Takes a DNS name, four decimal numbers, or an IPv6 address in brackets.
    init(parsing text: Substring) throws(OutboundURLError) {
        let name = text.lowercased()
        if name.hasPrefix("[") {
            let inner = String(name.dropFirst().dropLast())
            guard let words = Self.ipv6Words(inner) else { throw .host(name) }
            self.name = inner
            isLoopback = words.dropLast(1).allSatisfy { $0 == 0 } && words.last == 1
            return
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel), let last = labels.last else {
            throw .host(name)
        }
        self.name = name
        // A name that ends in a number is an address to every resolver, so it must be one in the usual form.
        if last.utf8.first.map({ (0x30...0x39).contains($0) }) == true {
            guard labels.count == 4, labels.allSatisfy(Self.isOctet) else { throw .host(name) }
            isLoopback = labels.first == "127"
        } else {
            isLoopback = name == "localhost"
        }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
    }

    /// 0 to 255 without a leading zero, which some read as octal.
    private static func isOctet(_ label: Substring) -> Bool {
        guard let value = UInt8(label) else { return false }
        return String(value) == label
    }

    /// The sixteen bytes of an IPv6 address without a zone, or nil.
    private static func ipv6Words(_ text: String) -> [UInt8]? {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "%") }) else { return nil }
        var address = in6_addr()
        guard unsafe inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        // A plain value of sixteen bytes on our stack, copied out.
        return unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
    }
}
