import Glibc
import MicroHTTPD

/// Ends connections without an answer, which a server's handler cannot do by itself.
enum Disconnection {
    /// Shuts down this process's socket whose other end is `peer` on the loopback interface. The server then finds it
    /// closed when it answers.
    ///
    /// Sockets are looked for by number: slow, and only good enough for a stack of this kind.
    static func cut(_ peer: PeerAddress) {
        for descriptor in 3..<min(Int32(getdtablesize()), 20_000) where peerPort(of: descriptor) == peer.port {
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    /// The port at the other end of `descriptor`; nil when it is no connected IPv4 socket.
    private static func peerPort(of descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // `address` outlives the call, which writes at most `length` bytes into it.
        let result = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getpeername(descriptor, address, &length)
            }
        }
        guard result == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return UInt16(bigEndian: address.sin_port)
    }
}
