import CMicroHTTPD
import Glibc
import Secrets

/// A certificate chain and its key, parsed by GnuTLS and found to fit and to be in force, with the authorities of clients.
///
/// `@unchecked Sendable`: nothing changes after `init`, and GnuTLS only reads.
@safe final class TLSIdentity: @unchecked Sendable {
    /// The longest chain taken: real ones have two to four links.
    private static let maximumChain: UInt32 = 16

    /// What it was made of.
    let configuration: TLSConfiguration
    /// Of the server's own certificate. Links above it may have expired by design: authorities sign one another across.
    let validity: CertificateValidity
    /// Nil asks clients for no certificate.
    let clients: ClientAuthorities?

    // Owned here, freed in deinit. GnuTLS reads them in handshakes, while a `CertificateStore` holds this object.
    private let chain: UnsafeMutablePointer<gnutls_pcert_st>
    private let count: UInt32
    private let key: gnutls_privkey_t

    /// - Parameter now: Seconds since 1970. A certificate that has expired or is not valid yet is refused.
    init(_ configuration: TLSConfiguration, at now: Int64 = Int64(time(nil))) throws(HTTPServerError) {
        let clients = try configuration.clientCertificates.map { (clients) throws(HTTPServerError) in
            try ClientAuthorities(clients)
        }
        try Self.checkFit(configuration)
        let chain = UnsafeMutablePointer<gnutls_pcert_st>.allocate(capacity: Int(Self.maximumChain))
        var count = Self.maximumChain
        let imported = unsafe GnuTLS.withDatum(configuration.certificatePEM.span) { datum in
            unsafe gnutls_pcert_list_import_x509_raw(chain, &count, &datum, GNUTLS_X509_FMT_PEM, 0)
        }
        guard imported == 0 else {
            unsafe chain.deallocate()
            throw .badCertificate(reason: GnuTLS.reason(imported))
        }
        do throws(HTTPServerError) {
            validity = try unsafe Self.validity(of: chain, at: now)
            unsafe key = try Self.key(configuration.privateKeyPEM)
        } catch {
            unsafe Self.free(chain, count)
            throw error
        }
        unsafe (self.chain, self.count) = unsafe (chain, count)
        (self.configuration, self.clients) = (configuration, clients)
    }

    deinit {
        unsafe Self.free(chain, count)
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

    /// Reads the key. The caller frees it.
    private static func key(_ pem: Secret) throws(HTTPServerError) -> gnutls_privkey_t {
        var key: gnutls_privkey_t?
        var result = unsafe gnutls_privkey_init(&key)
        if result == 0 {
            result = pem.withBytes { pem in
                unsafe GnuTLS.withDatum(pem) { datum in
                    unsafe gnutls_privkey_import_x509_raw(key, &datum, GNUTLS_X509_FMT_PEM, nil, 0)
                }
            }
        }
        guard result == 0, let key = unsafe key else {
            unsafe gnutls_privkey_deinit(key)
            throw .badCertificate(reason: GnuTLS.reason(result))
        }
        return unsafe key
    }

    private static func free(_ chain: UnsafeMutablePointer<gnutls_pcert_st>, _ count: UInt32) {
        for index in 0..<Int(count) { unsafe gnutls_pcert_deinit(chain + index) }
        unsafe chain.deallocate()
    }

    /// Puts the pair into credentials of its own, for GnuTLS's check that the key is the certificate's.
    private static func checkFit(_ configuration: TLSConfiguration) throws(HTTPServerError) {
        var credentials: gnutls_certificate_credentials_t?
        guard unsafe gnutls_certificate_allocate_credentials(&credentials) == 0 else {
            throw .noResources(reason: "GnuTLS has no memory")
        }
        defer { unsafe gnutls_certificate_free_credentials(credentials) }
        let result = unsafe GnuTLS.withDatum(configuration.certificatePEM.span) { certificate in
            configuration.privateKeyPEM.withBytes { pem in
                unsafe GnuTLS.withDatum(pem) { key in
                    unsafe gnutls_certificate_set_x509_key_mem(
                        credentials, &certificate, &key, GNUTLS_X509_FMT_PEM)
                }
            }
        }
        // GnuTLS numbers the pairs it takes from 0.
        if result < 0 { throw .badCertificate(reason: GnuTLS.reason(result)) }
    }

    /// When the first certificate of `chain` is good, which must include `now`.
    private static func validity(
        of chain: UnsafeMutablePointer<gnutls_pcert_st>, at now: Int64
    ) throws(HTTPServerError) -> CertificateValidity {
        var certificate: gnutls_x509_crt_t?
        let result = unsafe gnutls_pcert_export_x509(chain, &certificate)
        guard result == 0, let certificate = unsafe certificate else {
            throw .badCertificate(reason: GnuTLS.reason(result))
        }
        // A copy made for us.
        defer { unsafe gnutls_x509_crt_deinit(certificate) }
        let validity = unsafe CertificateValidity(
            begins: Int64(gnutls_x509_crt_get_activation_time(certificate)),
            ends: Int64(gnutls_x509_crt_get_expiration_time(certificate)))
        guard now <= validity.ends else { throw .certificateNotInForce(.expired(at: validity.ends)) }
        guard now >= validity.begins else { throw .certificateNotInForce(.early(until: validity.begins)) }
        return validity
    }
}
