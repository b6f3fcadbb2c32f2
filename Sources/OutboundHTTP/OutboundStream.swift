import Glibc
package import Secrets

/// One connection, TCP or TLS, for a protocol that is not HTTP. It blocks, so it belongs to a plain thread, which is its only user.
///
/// The address, its certificate and the authorities are judged as for HTTP.
@safe package final class OutboundStream {
    private let handle: EasyHandle
    private let descriptor: Int32

    /// Connects to the host and port of `url`, with TLS for `https`, within `configuration.connectTimeout`. Path and proxy do not matter.
    package init(
        connectingTo url: OutboundURL, configuration: OutboundConfiguration
    ) throws(OutboundFailure) {
        do throws(OutboundSetupError) { try configuration.check() } catch {
            throw .cannotConnect(error.description)
        }
        handle = try EasyHandle()
        descriptor = try handle.connect(to: url.description, scheme: url.scheme, configuration)
    }

    /// Sends all of `bytes`.
    package func send(_ bytes: Secret, before deadline: ContinuousClock.Instant) throws(OutboundFailure) {
        try bytes.withBytes { (bytes) throws(OutboundFailure) in
            var sent = 0
            while sent < bytes.count {
                switch try handle.send(bytes.extracting(sent...)) {
                case .moved(let count): sent += count
                case .wouldBlock: try wait(for: Int16(POLLOUT), before: deadline)
                }
            }
        }
    }

    /// Waits for bytes; at least one.
    package func receive(before deadline: ContinuousClock.Instant) throws(OutboundFailure) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            switch try handle.receive(into: &buffer) {
            case .moved(0): throw .interrupted("the server closed the connection")
            case .moved(let count): return Array(buffer[..<count])
            case .wouldBlock: try wait(for: Int16(POLLIN), before: deadline)
            }
        }
    }

    private func wait(for events: Int16, before deadline: ContinuousClock.Instant) throws(OutboundFailure) {
        while true {
            let left = deadline - .now
            guard left > .zero else { throw .timedOut(requestSent: true) }
            // Ours alone, for the call.
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let result = unsafe poll(&entry, 1, Int32(clamping: left.wholeMilliseconds))
            if result > 0 { return }
            guard result == 0 || errno == EINTR else { throw .interrupted("poll failed with error \(errno)") }
        }
    }
}
