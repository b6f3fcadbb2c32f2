import CCurl
import Secrets

extension Transfer {
    /// How to connect: everything that holds for all requests of a client.
    func configureConnection(_ configuration: OutboundConfiguration) throws(OutboundFailure) {
        // No signals, and no waiting for a resolver thread that hangs: it would stall all transfers.
        try handle.set(CURLOPT_NOSIGNAL, to: true)
        try handle.set(CURLOPT_QUICK_EXIT, to: true)
        try handle.set(CURLOPT_PROTOCOLS_STR, to: order.request.url.scheme)
        try handle.set(CURLOPT_FOLLOWLOCATION, to: false)
        try handle.set(CURLOPT_DISALLOW_USERNAME_IN_URL, to: true)
        try handle.set(CURLOPT_HTTP_VERSION, to: Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_HTTP09_ALLOWED, to: false)
        try handle.set(CURLOPT_TCP_NODELAY, to: true)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, to: Int(configuration.connectTimeout.wholeMilliseconds))
        try handle.set(CURLOPT_USERAGENT, to: configuration.userAgent)
        try configureTLS(caFile: configuration.caFile)
        // Set even when empty: left alone, libcurl would read http_proxy and no_proxy from the environment.
        try handle.set(CURLOPT_PROXY, to: configuration.proxy ?? "")
        try handle.set(CURLOPT_NOPROXY, to: configuration.proxyExceptions.joined(separator: ","))
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, to: true)
    }

    private func configureTLS(caFile: String?) throws(OutboundFailure) {
        try handle.set(CURLOPT_SSL_VERIFYPEER, to: true)
        try handle.set(CURLOPT_SSL_VERIFYHOST, to: 2)
        try handle.set(CURLOPT_SSLVERSION, to: Int(CURL_SSLVERSION_TLSv1_2))
        // Without a folder of certificates libcurl keeps the parsed file for all connections (a day, by default).
        try unsafe handle.set(CURLOPT_CAPATH, toPointer: nil)
        if let caFile { try handle.set(CURLOPT_CAINFO, to: caFile) }
    }

    /// What to ask.
    func configureRequest() throws(OutboundFailure) {
        let request = order.request
        try handle.set(CURLOPT_URL, to: request.url.description)
        try handle.set(CURLOPT_PATH_AS_IS, to: true)
        try unsafe handle.set(CURLOPT_HTTPHEADER, toList: headerLines.list)
        // Refuses a long answer by its Content-Length; the write callback counts the others. 0 would mean no limit.
        try handle.set(CURLOPT_MAXFILESIZE_LARGE, toOffset: max(request.maximumBytes, 1))
        // Freed with this transfer, which outlives the handle's use of it.
        try unsafe handle.set(CURLOPT_ERRORBUFFER, toPointer: message)
        switch request.method {
        case .get: try handle.set(CURLOPT_HTTPGET, to: true)
        case .post: try configureBody(request.body)
        }
    }

    private func configureBody(_ body: Secret?) throws(OutboundFailure) {
        try handle.set(CURLOPT_POST, to: true)
        guard let body, !body.isEmpty else {
            return try handle.set(CURLOPT_COPYPOSTFIELDS, to: "")
        }
        try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, toOffset: body.count)
        // The pointer outlives the closure: a secret's bytes stay where they are for its life, and `order` keeps it.
        try body.withBytes { (bytes) throws(OutboundFailure) in
            try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(OutboundFailure) in
                try unsafe handle.set(CURLOPT_POSTFIELDS, toPointer: buffer.baseAddress)
            }
        }
    }
}
