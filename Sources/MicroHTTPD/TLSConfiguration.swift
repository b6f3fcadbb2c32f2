package import Secrets

/// A certificate chain and its key, in PEM, and whose certificates clients must bring. TLS 1.2 and 1.3 only.
package struct TLSConfiguration: Sendable, Equatable {
    /// The chain, the server's own certificate first.
    package var certificatePEM: [UInt8]
    /// The key of the first certificate, not encrypted.
    package var privateKeyPEM: Secret
    /// Nil asks clients for no certificate.
    package var clientCertificates: ClientCertificates?

    /// A pair, checked when it is put to use.
    package init(certificatePEM: [UInt8], privateKeyPEM: Secret, clientCertificates: ClientCertificates? = nil) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
        self.clientCertificates = clientCertificates
    }

    /// TLS 1.2 and 1.3, forward secrecy and authenticated encryption only: what every client of the last ten years has.
    /// libmicrohttpd's own defaults would take TLS 1.0 and 1.1, GnuTLS's SECURE128 suites of RSA key exchange and CBC.
    static let priorities = """
        SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-DHE-RSA:\
        -CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:\
        -GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:%SERVER_PRECEDENCE
        """

    /// Checks that the pair can be used, as a server does when it starts.
    package func checked() throws(HTTPServerError) -> CertificateValidity {
        try TLSIdentity(self).validity
    }
}

/// What is asked of clients' certificates.
package struct ClientCertificates: Sendable, Equatable {
    /// The authorities that clients' certificates must come from, in PEM.
    package var authoritiesPEM: [UInt8]
    /// Whether a client without a certificate is refused. One with a certificate of somebody else always is.
    package var areRequired: Bool

    /// Authorities, checked when they are put to use.
    package init(authoritiesPEM: [UInt8], areRequired: Bool) {
        self.authoritiesPEM = authoritiesPEM
        self.areRequired = areRequired
    }
}

/// When a certificate is good, in seconds since 1970, both ends included.
package struct CertificateValidity: Sendable, Equatable {
    /// Its `notBefore`.
    package let begins: Int64
    /// Its `notAfter`.
    package let ends: Int64
}
