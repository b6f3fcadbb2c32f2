import Glibc

/// The other end of a connection: a numeric address and a port.
package struct PeerAddress: Sendable, Hashable {
    /// The address in network byte order: 4 bytes, 16 bytes, or none for a Unix socket. An IPv4 address mapped into
    /// IPv6 has 4.
    package let bytes: [UInt8]
    /// The address as text: `192.0.2.1`, `2001:db8::1`, or `unix`.
    package let host: String
    /// The port; 0 for a Unix socket.
    package let port: UInt16

    /// An address of 4 or 16 bytes; any other length stands for a Unix socket.
    package init(bytes: [UInt8], port: UInt16) {
        let isMapped = bytes.count == 16 && bytes.prefix(12).elementsEqual(Self.mappedPrefix)
        let address = isMapped ? Array(bytes.suffix(4)) : bytes
        guard let host = Self.text(of: address) else {
            (self.bytes, self.host, self.port) = ([], "unix", 0)
            return
        }
        (self.bytes, self.host, self.port) = (address, host, port)
    }

    /// What limits count by: the address, or for IPv6 its first 64 bits, because that much is one host's to choose from.
    package var network: [UInt8] { bytes.count == 16 ? Array(bytes.prefix(8)) : bytes }

    /// 127.0.0.1, for tests and fakes.
    package static let loopback = PeerAddress(bytes: [127, 0, 0, 1], port: 0)

    /// A client at the other end of a Unix socket.
    package static let unix = PeerAddress(bytes: [], port: 0)

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    private static func text(of address: [UInt8]) -> String? {
        guard address.count == 4 || address.count == 16 else { return nil }
        var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let capacity = socklen_t(text.count)
        let isText = unsafe text.withUnsafeMutableBytes { text in
            // Both buffers are arrays of this function; inet_ntop reads 4 or 16 bytes and writes at most `capacity`.
            let start = unsafe text.bindMemory(to: CChar.self).baseAddress
            return unsafe inet_ntop(address.count == 4 ? AF_INET : AF_INET6, address, start, capacity) != nil
        }
        guard isText else { return nil }
        return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension PeerAddress: CustomStringConvertible {
    /// `192.0.2.1:5`, `[2001:db8::1]:5` or `unix`.
    package var description: String {
        switch bytes.count {
        case 4: "\(host):\(port)"
        case 16: "[\(host)]:\(port)"
        default: host
        }
    }
}
