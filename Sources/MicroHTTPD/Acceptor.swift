import CMicroHTTPD
import Glibc
import Threading

/// The thread that accepts connections and hands them to libmicrohttpd.
///
/// Ours, because libmicrohttpd's own cannot be stopped while it serves (quiescing aborts once in some 200 times), and
/// because its connection limits leak a mutex when they are reached.
final class Acceptor: Sendable {
    /// The pause after `accept` failed for want of descriptors or memory: long enough not to spin, short enough for a
    /// client to wait.
    private static let pause: Int32 = 100
    /// What a client over the limit gets, where it can read it.
    private static let tooMany = Array(
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n".utf8)

    private let listening: ListeningSocket
    private let bridge: Bridge
    private let daemons: [Daemon]
    private let nextDaemon = Lock(0)
    private let waker: Waker
    private let isStopping = Lock(false)

    init(_ listening: ListeningSocket, _ bridge: Bridge, _ daemons: [Daemon], waker: Waker) {
        self.listening = listening
        self.bridge = bridge
        self.daemons = daemons
        self.waker = waker
    }

    /// Runs until `stop`, then accepts whoever has connected by then and ends listening.
    func run() {
        while !isStopping.withLock({ $0 }) {
            let isExhausted = !acceptAll()
            wait(forConnections: !isExhausted)
        }
        // A client that connects between the last look and the close would be reset. Now its first packet is lost
        // instead, and its next one, a second later, is refused.
        cmhd_turn_deaf(listening.descriptor)
        _ = acceptAll()
        listening.close()
    }

    /// Ends `run` soon. From any thread.
    func stop() {
        isStopping.withLock { $0 = true }
        waker.wake()
    }

    /// Accepts until nobody is left. False when the system has nothing to give for a connection.
    private func acceptAll() -> Bool {
        while true {
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let socket = accept(into: &address, &length)
            guard socket < 0 else {
                take(socket, address, length)
                continue
            }
            switch errno {
            case EAGAIN: return true
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                fail(errno)
                return false
            case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT:
                preconditionFailure("accept4 on a socket that is not ours")
            // The client has gone, a signal, or an error of its network: the next one may be well (accept(2)).
            default: continue
            }
        }
    }

    /// One after the other, so that each loop has its share.
    private var next: Daemon {
        daemons[
            nextDaemon.withLock { next in
                next = (next + 1) % daemons.count
                return next
            }]
    }

    private func accept(into address: inout sockaddr_storage, _ length: inout socklen_t) -> Int32 {
        // Both are the caller's; the kernel writes no more than `length` bytes.
        unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe cmhd_accept(listening.descriptor, address, &length)
            }
        }
    }

    private func take(_ socket: Int32, _ address: sockaddr_storage, _ length: socklen_t) {
        let peer = PeerAddress(address)
        switch bridge.table.admit(socket, from: peer) {
        case .admitted:
            bridge.tally.withLock { $0.acceptedConnections += 1 }
            // Without it a small answer may wait 40 ms for the client's acknowledgement. Not for Unix sockets.
            if !peer.bytes.isEmpty { setOption(socket, Int32(IPPROTO_TCP), TCP_NODELAY, 1) }
            let table = bridge.table
            next.add(socket, address: address, length: length) { table.remove(socket) }
        case .full:
            bridge.tally.withLock { $0.refusedByLimit += 1 }
            turnAway(socket, .connectionLimitReached(peer))
        case .addressFull:
            bridge.tally.withLock { $0.refusedByAddressLimit += 1 }
            turnAway(socket, .addressLimitReached(peer))
        }
    }

    /// Says why, where the client can read it (there is no TLS to speak yet), and ends the connection.
    private func turnAway(_ socket: Int32, _ event: HTTPServerEvent) {
        bridge.service.events(event)
        guard bridge.certificates == nil else {
            close(socket)
            return
        }
        // Fits any send buffer; if not, the client is gone.
        _ = unsafe send(socket, Self.tooMany, Self.tooMany.count, Int32(MSG_NOSIGNAL))
        shutdown(socket, Int32(SHUT_WR))
        bridge.lingering.adopt(owning: socket)
    }

    private func fail(_ error: Int32) {
        bridge.tally.withLock { $0.acceptFailures += 1 }
        bridge.service.events(.acceptFailed(errno: error))
    }

    private func wait(forConnections: Bool) {
        var polled = [
            pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listening.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        // The array is this function's; a failed poll only makes the turn short.
        _ = unsafe poll(&polled, forConnections ? 2 : 1, forConnections ? -1 : Self.pause)
    }
}

extension PeerAddress {
    /// The address the kernel gave.
    init(_ address: sockaddr_storage) {
        let family = Int32(address.ss_family)
        self = unsafe withUnsafeBytes(of: address) { bytes in
            switch family {
            // sockaddr_in: family 2 bytes, port 2, address 4. sockaddr_in6: family 2, port 2, flow 4, address 16.
            case AF_INET: unsafe PeerAddress(bytes: Array(bytes[4..<8]), port: Self.port(bytes))
            case AF_INET6: unsafe PeerAddress(bytes: Array(bytes[8..<24]), port: Self.port(bytes))
            default: .unix
            }
        }
    }

    private static func port(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        unsafe UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }
}
