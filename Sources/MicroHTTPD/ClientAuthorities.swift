import CMicroHTTPD

/// The authorities that clients' certificates must come from.
///
/// GnuTLS is only told to ask for a certificate; whether the one that came is good is asked here, for each request: a
/// certificate can expire, and the authorities be replaced, while a connection is kept.
///
/// `@unchecked Sendable`: nothing changes after `init`, and GnuTLS only reads.
@safe final class ClientAuthorities: @unchecked Sendable {
    /// Whether a client without a certificate is refused.
    private let areRequired: Bool
    // Owned here, freed in deinit.
    private let list: gnutls_x509_trust_list_t
    /// As in `TLSIdentity`: a longer chain is no client's.
    private static let maximumChain: UInt32 = 16

    init(_ configuration: ClientCertificates) throws(HTTPServerError) {
        var list: gnutls_x509_trust_list_t?
        guard unsafe gnutls_x509_trust_list_init(&list, 0) == 0, let list = unsafe list else {
            throw .noResources(reason: "GnuTLS has no memory")
        }
        let added = unsafe GnuTLS.withDatum(configuration.authoritiesPEM.span) { datum in
            unsafe gnutls_x509_trust_list_add_trust_mem(list, &datum, nil, GNUTLS_X509_FMT_PEM, 0, 0)
        }
        guard added > 0 else {
            unsafe gnutls_x509_trust_list_deinit(list, 1)
            throw .badClientAuthorities(reason: added < 0 ? GnuTLS.reason(added) : "it holds no certificate")
        }
        unsafe self.list = unsafe list
        areRequired = configuration.areRequired
    }

    deinit {
        // 1 frees the certificates in it too.
        unsafe gnutls_x509_trust_list_deinit(list, 1)
    }

    /// Lets the handshake ask for a certificate. On the connection's thread, before the handshake.
    static func ask(_ session: gnutls_session_t) {
        // `REQUEST` and not `REQUIRE`: a refusal in HTTP can say what is missing, a failed handshake cannot.
        unsafe gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST)
    }

    /// What is wrong with the certificate of the client at the other end of `session`. On the connection's thread.
    func fault(in session: gnutls_session_t) -> ClientCertificateFault? {
        var count: UInt32 = 0
        // The data is the session's, and stays while we are in its callback.
        guard let raw = unsafe gnutls_certificate_get_peers(session, &count), count > 0 else {
            return areRequired ? .missing : nil
        }
        guard count <= Self.maximumChain else { return .untrusted }
        var chain: [gnutls_x509_crt_t?] = unsafe []
        // Copies made for us.
        defer { unsafe chain.forEach { unsafe gnutls_x509_crt_deinit($0) } }
        for index in 0..<Int(count) {
            var certificate: gnutls_x509_crt_t?
            guard unsafe gnutls_x509_crt_init(&certificate) == 0 else { return .untrusted }
            unsafe chain.append(certificate)
            guard unsafe gnutls_x509_crt_import(certificate, raw + index, GNUTLS_X509_FMT_DER) == 0 else {
                return .untrusted
            }
        }
        var status: UInt32 = 0
        let result = unsafe chain.withUnsafeMutableBufferPointer { chain in
            unsafe cmhd_verify_client(list, chain.baseAddress, count, &status)
        }
        return result == 0 ? ClientCertificateFault(status: status) : .untrusted
    }
}

extension ClientCertificateFault {
    /// Nil for the status 0 alone: every bit, also one that a later GnuTLS adds, is a reason for no.
    fileprivate init?(status: UInt32) {
        guard status != 0 else { return nil }
        if status & GNUTLS_CERT_EXPIRED.rawValue != 0 {
            self = .expired
        } else if status & GNUTLS_CERT_PURPOSE_MISMATCH.rawValue != 0 {
            self = .purpose
        } else {
            self = .untrusted
        }
    }
}
