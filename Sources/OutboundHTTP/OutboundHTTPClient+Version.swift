import CCurl

extension OutboundHTTPClient {
    /// libcurl's own words for its version and that of its TLS library: `libcurl/7.88.1 OpenSSL/3.0.15`.
    package static var libraryVersion: String {
        // A static string of the library's.
        let words = unsafe String(cString: curl_version()).split(separator: " ")
        return words.prefix(2).joined(separator: " ")
    }
}
