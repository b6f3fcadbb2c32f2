import CCurl

extension EasyHandle {
    /// How to connect: everything that holds for all requests of a client.
    func configureConnection(_ configuration: OutboundConfiguration, scheme: String) throws(OutboundFailure) {
        // No signals, and no waiting for a resolver thread that hangs.
        try set(CURLOPT_NOSIGNAL, to: true)
        try set(CURLOPT_QUICK_EXIT, to: true)
        try set(CURLOPT_PROTOCOLS_STR, to: scheme)
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, to: true)
        try set(CURLOPT_TCP_NODELAY, to: true)
        try set(CURLOPT_CONNECTTIMEOUT_MS, to: Int(configuration.connectTimeout.wholeMilliseconds))
        try set(CURLOPT_USERAGENT, to: configuration.userAgent)
        try configureTLS(caFile: configuration.caFile)
        // Set even when empty: left alone, libcurl would read http_proxy and no_proxy from the environment.
        try set(CURLOPT_PROXY, to: configuration.proxy ?? "")
        try set(CURLOPT_NOPROXY, to: configuration.proxyExceptions.joined(separator: ","))
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, to: true)
    }

    private func configureTLS(caFile: String?) throws(OutboundFailure) {
        try set(CURLOPT_SSL_VERIFYPEER, to: true)
        try set(CURLOPT_SSL_VERIFYHOST, to: 2)
        try set(CURLOPT_SSLVERSION, to: Int(CURL_SSLVERSION_TLSv1_2))
        // The file alone, not the system's folder.
        try unsafe set(CURLOPT_CAPATH, toPointer: nil)
        if let caFile { try set(CURLOPT_CAINFO, to: caFile) }
    }
}
