import CMicroHTTPD

/// What every use of GnuTLS needs.
enum GnuTLS {
    /// Lends bytes to GnuTLS for one call, which only reads them.
    static func withDatum(_ bytes: Span<UInt8>, _ body: (inout gnutls_datum_t) -> Int32) -> Int32 {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var datum = unsafe gnutls_datum_t(
                data: UnsafeMutablePointer(mutating: bytes.baseAddress), size: UInt32(bytes.count))
            return unsafe body(&datum)
        }
    }

    /// GnuTLS's words for an error.
    static func reason(_ code: Int32) -> String {
        // A constant of the library.
        unsafe gnutls_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
