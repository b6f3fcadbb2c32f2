import CMicroHTTPD
import Secrets
import Threading

/// A certificate chain and its key, parsed by GnuTLS and found to fit.
///
/// `@unchecked Sendable`: nothing changes after `init`, and GnuTLS only reads.
@safe final class TLSIdentity: @unchecked Sendable {
    /// The longest chain taken: real ones have two to four links.
    private static let maximumChain: UInt32 = 16

    // Owned here, freed in deinit. GnuTLS reads them in handshakes, while a `CertificateStore` holds this object.
    private let chain: UnsafeMutablePointer<gnutls_pcert_st>
    private let count: UInt32
    private let key: gnutls_privkey_t

    init(_ configuration: TLSConfiguration) throws(HTTPServerError) {
        try Self.checkFit(configuration)
        let chain = UnsafeMutablePointer<gnutls_pcert_st>.allocate(capacity: Int(Self.maximumChain))
        var count = Self.maximumChain
        let imported = unsafe Self.withDatum(configuration.certificatePEM.span) { datum in
            unsafe gnutls_pcert_list_import_x509_raw(chain, &count, &datum, GNUTLS_X509_FMT_PEM, 0)
        }
        guard imported == 0 else {
            unsafe chain.deallocate()
            throw Self.error(imported)
        }
        var key: gnutls_privkey_t?
        var result = unsafe gnutls_privkey_init(&key)
        if result == 0 {
            result = configuration.privateKeyPEM.withBytes { pem in
                unsafe Self.withDatum(pem) { datum in
                    unsafe gnutls_privkey_import_x509_raw(key, &datum, GNUTLS_X509_FMT_PEM, nil, 0)
                }
            }
        }
        guard result == 0, let key = unsafe key else {
            for index in 0..<Int(count) { unsafe gnutls_pcert_deinit(chain + index) }
            unsafe chain.deallocate()
            unsafe gnutls_privkey_deinit(key)
            throw Self.error(result)
        }
        unsafe (self.chain, self.count, self.key) = unsafe (chain, count, key)
    }

    deinit {
        for index in 0..<Int(count) { unsafe gnutls_pcert_deinit(chain + index) }
        unsafe chain.deallocate()
        unsafe gnutls_privkey_deinit(key)
    }

    /// Lends chain and key to a handshake. They stay this object's.
    func lend(
        _ chain: UnsafeMutablePointer<UnsafeMutablePointer<gnutls_pcert_st>?>, _ count: UnsafeMutablePointer<UInt32>,
        _ key: UnsafeMutablePointer<gnutls_privkey_t?>
    ) {
        unsafe chain.pointee = unsafe self.chain
        unsafe count.pointee = self.count
        unsafe key.pointee = unsafe self.key
    }

    /// Puts the pair into credentials of its own, for GnuTLS's check that the key is the certificate's.
    private static func checkFit(_ configuration: TLSConfiguration) throws(HTTPServerError) {
        var credentials: gnutls_certificate_credentials_t?
        guard unsafe gnutls_certificate_allocate_credentials(&credentials) == 0 else {
            throw .noResources(reason: "GnuTLS has no memory")
        }
        defer { unsafe gnutls_certificate_free_credentials(credentials) }
        let result = unsafe withDatum(configuration.certificatePEM.span) { certificate in
            configuration.privateKeyPEM.withBytes { pem in
                unsafe withDatum(pem) { key in
                    unsafe gnutls_certificate_set_x509_key_mem(
                        credentials, &certificate, &key, GNUTLS_X509_FMT_PEM)
                }
            }
        }
        // GnuTLS numbers the pairs it takes from 0.
        if result < 0 { throw error(result) }
    }

    /// Lends bytes to GnuTLS for one call, which only reads them.
    private static func withDatum(_ bytes: Span<UInt8>, _ body: (inout gnutls_datum_t) -> Int32) -> Int32 {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var datum = unsafe gnutls_datum_t(
                data: UnsafeMutablePointer(mutating: bytes.baseAddress), size: UInt32(bytes.count))
            return unsafe body(&datum)
        }
    }

    private static func error(_ code: Int32) -> HTTPServerError {
        .badCertificate(reason: unsafe gnutls_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
    }
}

/// The pair for new handshakes. Replaced pairs are kept, because a handshake may still be reading them and GnuTLS does
/// not tell when it is done; a pair takes some kilobytes and is replaced a few times a year.
final class CertificateStore: Sendable {
    private let identities: Lock<[TLSIdentity]>

    init(_ identity: TLSIdentity) {
        identities = Lock([identity])
    }

    /// New handshakes get `identity` from now on.
    func replace(with identity: TLSIdentity) {
        identities.withLock { $0.append(identity) }
    }

    /// The pair for a handshake that begins now.
    var current: TLSIdentity? { identities.withLock { $0.last } }
}

/// GnuTLS asks for the pair of a new handshake, on a server thread. It passes no closure argument, but libmicrohttpd
/// stores the connection in the session, and `connectionCallback` the bridge in the connection. -1 refuses.
func certificateCallback(
    _ session: gnutls_session_t?, _ issuers: UnsafePointer<gnutls_datum_t>?, _ issuerCount: Int32,
    _ algorithms: UnsafePointer<gnutls_pk_algorithm_t>?, _ algorithmCount: Int32,
    _ chain: UnsafeMutablePointer<UnsafeMutablePointer<gnutls_pcert_st>?>?, _ count: UnsafeMutablePointer<UInt32>?,
    _ key: UnsafeMutablePointer<gnutls_privkey_t?>?
) -> Int32 {
    guard let connection = unsafe gnutls_session_get_ptr(session).map({ OpaquePointer($0) }),
        let cls = unsafe cmhd_socket_context(connection), let chain = unsafe chain, let count = unsafe count,
        let key = unsafe key
    else { return -1 }
    let bridge = unsafe Unmanaged<Bridge>.fromOpaque(cls).takeUnretainedValue()
    guard let identity = bridge.certificates?.current else { return -1 }
    unsafe identity.lend(chain, count, key)
    return 0
}
