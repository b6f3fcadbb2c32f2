import Glibc

/// Which certificate authorities the client trusts: those of one file in PEM.
package struct Trust: Sendable, Equatable {
    /// A file in place of the system's own (`gateway_ca`, the variable `SSL_CERT_FILE`); nil looks at the usual places.
    package var bundle: String?

    package init(bundle: String? = nil) { self.bundle = bundle }

    /// Where distributions keep their bundle. A static binary has no compiled-in place that holds on all of them.
    static let usualBundles = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, Arch
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL, Amazon Linux
        "/etc/ssl/ca-bundle.pem",  // SUSE
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL
        "/etc/ssl/cert.pem",  // Alpine, BSD
    ]

    /// The file to load. An error when there is none.
    func file() throws(ClientHTTPError) -> String {
        if let file = bundle ?? Self.usualBundles.first(where: { unsafe access($0, R_OK) == 0 }) { return file }
        throw .trustUnusable(
            "there are no trusted certificates on this image: none of "
                + "\(Self.usualBundles.joined(separator: ", ")) can be read"
        )
    }
}
