import CCurl
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
        try handle.configureConnection(configuration, scheme: url.scheme)
        try handle.set(CURLOPT_URL, to: url.description)
        try handle.set(CURLOPT_CONNECT_ONLY, to: 1)
        // What is spoken is not HTTP, so it must not be agreed on.
        try handle.set(CURLOPT_SSL_ENABLE_ALPN, to: false)
        descriptor = try handle.connect()
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

/// What one call came to.
private enum Progress {
    case moved(Int)
    case wouldBlock
}

extension EasyHandle {
    /// Connects, and gives the socket, which stays libcurl's.
    fileprivate func connect() throws(OutboundFailure) -> Int32 {
        try check(unsafe curl_easy_perform(pointer), isSent: false)
        var socket: curl_socket_t = -1
        try check(unsafe vela_curl_get_socket(pointer, &socket), isSent: false)
        guard socket >= 0 else { throw .cannotConnect("libcurl names no socket") }
        return socket
    }

    fileprivate func send(_ bytes: Span<UInt8>) throws(OutboundFailure) -> Progress {
        var count = 0
        // libcurl reads the bytes during the call.
        let result = unsafe bytes.withUnsafeBytes { unsafe curl_easy_send(pointer, $0.baseAddress, $0.count, &count) }
        return try progress(result, count)
    }

    fileprivate func receive(into buffer: inout [UInt8]) throws(OutboundFailure) -> Progress {
        var count = 0
        // libcurl writes into the buffer during the call, no more than its length.
        let result = unsafe buffer.withUnsafeMutableBytes {
            unsafe curl_easy_recv(pointer, $0.baseAddress, $0.count, &count)
        }
        return try progress(result, count)
    }

    private func progress(_ result: CURLcode, _ count: Int) throws(OutboundFailure) -> Progress {
        if result == CURLE_AGAIN { return .wouldBlock }
        try check(result, isSent: true)
        return .moved(count)
    }

    private func check(_ result: CURLcode, isSent: Bool) throws(OutboundFailure) {
        guard result == CURLE_OK else {
            let reason = unsafe String(cString: curl_easy_strerror(result))
            throw OutboundFailure(result, reason: reason, isRequestSent: isSent, maximumBytes: 0)
        }
    }
}
