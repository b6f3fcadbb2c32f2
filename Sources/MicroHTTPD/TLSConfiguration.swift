package import Secrets

/// A certificate chain and its key, in PEM. TLS 1.2 and 1.3 only.
package struct TLSConfiguration: Sendable {
    /// The chain, the server's own certificate first.
    package var certificatePEM: [UInt8]
    /// The key of the first certificate, not encrypted.
    package var privateKeyPEM: Secret

    /// A pair, checked when it is put to use.
    package init(certificatePEM: [UInt8], privateKeyPEM: Secret) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
    }

    /// 128 bits and more; libmicrohttpd's own defaults would take TLS 1.0 and 1.1 too.
    static let priorities = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
}
