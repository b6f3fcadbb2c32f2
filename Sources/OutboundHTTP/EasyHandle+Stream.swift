import CCurl

/// What one call that does not wait came to.
enum Progress {
    case moved(Int)
    case wouldBlock
}

/// A handle as a connection: libcurl makes it, with TLS for https, and what is spoken on it is ours.
extension EasyHandle {
    /// Connects to `url`, which blocks for up to `configuration.connectTimeout`.
    ///
    /// - Returns: The socket, which stays libcurl's.
    func connect(to url: String, scheme: String, _ configuration: OutboundConfiguration) throws(OutboundFailure)
        -> Int32
    {
        try configureConnection(configuration, scheme: scheme)
        try set(CURLOPT_URL, to: url)
        try set(CURLOPT_CONNECT_ONLY, to: 1)
        // Nothing is to be agreed on but what we speak. A proxy has to make a tunnel, for http too.
        try set(CURLOPT_SSL_ENABLE_ALPN, to: false)
        try set(CURLOPT_HTTPPROXYTUNNEL, to: true)
        try check(unsafe curl_easy_perform(pointer), isSent: false)
        var socket: curl_socket_t = -1
        try check(unsafe vela_curl_get_socket(pointer, &socket), isSent: false)
        guard socket >= 0 else { throw .cannotConnect("libcurl names no socket") }
        return socket
    }

    /// Sends what can be sent at once.
    func send(_ bytes: Span<UInt8>) throws(OutboundFailure) -> Progress {
        var count = 0
        // libcurl reads the bytes during the call.
        let result = unsafe bytes.withUnsafeBytes { unsafe curl_easy_send(pointer, $0.baseAddress, $0.count, &count) }
        return try progress(result, count)
    }

    /// Takes what is there; 0 bytes are the end of the connection.
    func receive(into buffer: inout [UInt8]) throws(OutboundFailure) -> Progress {
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
            throw OutboundFailure(result, reason: reason(of: result), isRequestSent: isSent)
        }
    }
}
