import COpenSSL

extension ClientHTTP {
    /// The name and version of the TLS library, for `--version`.
    package static var tlsLibrary: String {
        // A constant string of OpenSSL's.
        unsafe OpenSSL_version(OPENSSL_VERSION).map { unsafe String(cString: $0) } ?? "OpenSSL"
    }
}
