import CCurl
import Glibc

/// The result of libcurl's one initialisation, done at first use and by one thread, as Swift promises for globals.
private let curlGlobalResult = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

/// Whether the environment asks libcurl to write the keys of TLS connections to a file. No option of libcurl's forbids it.
private var isKeyLogRequested: Bool {
    // The environment's own string, read at once.
    guard let path = unsafe getenv("SSLKEYLOGFILE") else { return false }
    return unsafe path.pointee != 0
}

extension OutboundConfiguration {
    /// Throws what would keep every connection from being made, or make it unsafe. For the start: libcurl would tell at the first
    /// connection, if at all.
    package func check() throws(OutboundSetupError) {
        guard !isKeyLogRequested else { throw .keyLog }
        guard curlGlobalResult == CURLE_OK else { throw .unavailable("curl_global_init failed") }
        if let caFile, !holdsCertificate(caFile) { throw .caFile(caFile) }
    }
}

/// Whether the file at `path` can be read and holds a PEM certificate.
///
/// libcurl would only notice at the first connection.
private func holdsCertificate(_ path: String) -> Bool {
    guard let file = unsafe fopen(path, "re") else { return false }
    defer { unsafe fclose(file) }
    // Opened and closed here; getline owns the line buffer, which is freed here.
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { unsafe free(line) }
    while unsafe getline(&line, &capacity, file) >= 0 {
        if let line = unsafe line, unsafe strstr(line, "-----BEGIN CERTIFICATE-----") != nil { return true }
        if let line = unsafe line, unsafe strstr(line, "-----BEGIN TRUSTED CERTIFICATE-----") != nil { return true }
    }
    return false
}

extension Duration {
    /// Rounded up, so that a wait never ends before its time.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
