import Glibc
import Secrets

/// Plain TCP, for a server on loopback or behind a mesh.
final class PlainStream: ByteStream {
    private let socket: Socket
    private let scratch = ScratchBuffer()

    init(_ socket: Socket) { self.socket = socket }

    func write(_ bytes: Secret, until deadline: Deadline) throws(ClientHTTPError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withBytes { span in
                // send reads `span.count - sent` bytes of a buffer that lives through the call. No SIGPIPE.
                unsafe span.withUnsafeBytes { rest in
                    unsafe send(
                        socket.descriptor, rest.baseAddress?.advanced(by: sent), rest.count - sent, Int32(MSG_NOSIGNAL))
                }
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                guard Poll.wait(socket.descriptor, for: POLLOUT, until: deadline) else { throw .timedOut(.sending) }
            } else if errno != EINTR {
                throw .connectionLost(.sending, reason: reason(errno: errno))
            }
        }
    }

    func read(until deadline: Deadline) throws(ClientHTTPError) -> Secret? {
        while true {
            guard Poll.wait(socket.descriptor, for: POLLIN, until: deadline) else { throw .timedOut(.receiving) }
            // recv writes at most the scratch buffer's size.
            let (count, bytes) = unsafe scratch.fill { unsafe recv(socket.descriptor, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return bytes }
            if errno == EAGAIN || errno == EINTR { continue }
            throw .connectionLost(.receiving, reason: reason(errno: errno))
        }
    }
}
