import CCurl

extension OutboundFailure {
    /// What libcurl's `result`, which is not `CURLE_OK`, means to a caller.
    init(_ result: CURLcode, reason: String, isRequestSent: Bool) {
        let reason = Self.printable(reason)
        switch result {
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut(requestSent: isRequestSent)
        case _ where isRequestSent: self = .interrupted(reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE, CURLE_USE_SSL_FAILED:
            self = .tls(reason)
        default: self = .cannotConnect(reason)
        }
    }

    /// The text may repeat what a server sent: control characters must not reach a log or terminal.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
