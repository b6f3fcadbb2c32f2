import Glibc
import Secrets

/// A connected TCP socket, non-blocking, closed with the last reference. One thread uses it.
final class Socket {
    let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Connects to the first of the addresses that takes the connection. `name` is what an error calls the server.
    static func connect(
        to host: URLHost, port: UInt16, named name: String, until deadline: Deadline
    ) throws(ClientHTTPError) -> Socket {
        let addresses = try AddressLookup.addresses(of: host, port: port, until: deadline)
        var lastFault = ""
        for (index, address) in addresses.enumerated() {
            // An address that swallows packets must leave time for the next: its share, and at most 10 s, twice what a
            // slow handshake takes.
            let share = min(.seconds(10), deadline.remaining / (addresses.count - index))
            let patience = index == addresses.count - 1 ? deadline : .after(share)
            do throws(ConnectFault) {
                return try Socket(connecting: address, until: patience)
            } catch {
                if deadline.isPast { throw .timedOut(.connecting) }
                lastFault = error.reason
            }
        }
        throw .notConnected(host: name, reason: lastFault)
    }

    private struct ConnectFault: Error {
        let reason: String
    }

    private convenience init(connecting address: SocketAddress, until deadline: Deadline) throws(ConnectFault) {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(address.family, Int32(kind), 0)
        guard descriptor >= 0 else { throw ConnectFault(reason: reason(errno: errno)) }
        self.init(descriptor: descriptor)
        setNoDelay()
        if address.connect(descriptor) == 0 { return }
        guard errno == EINPROGRESS || errno == EINTR else { throw ConnectFault(reason: reason(errno: errno)) }
        guard Poll.wait(descriptor, for: POLLOUT, until: deadline) else {
            throw ConnectFault(reason: "no answer in time")
        }
        let code = pendingError()
        guard code == 0 else { throw ConnectFault(reason: reason(errno: code)) }
    }

    /// Without it the second small write waits 40 ms for the peer's acknowledgement.
    private func setNoDelay() {
        var on: Int32 = 1
        // A failure costs time only, so the result does not matter. The pointer is to a local of the size given.
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private func pendingError() -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        // The pointers are to locals of the size given.
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else { return errno }
        return code
    }
}
