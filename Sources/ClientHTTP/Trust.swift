import Glibc

/// Which certificate authorities the client trusts: files in PEM.
package struct Trust: Sendable, Equatable {
    /// A file in place of the system's own (the variable `SSL_CERT_FILE`); nil looks at the usual places.
    package var bundle: String?
    /// A file trusted besides (`gateway_ca`); nil for none.
    package var extra: String?

    package init(bundle: String? = nil, extra: String? = nil) {
        self.bundle = bundle
        self.extra = extra
    }

    /// Where distributions keep their bundle. A static binary has no compiled-in place that holds on all of them.
    static let usualBundles = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, Arch
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL, Amazon Linux
        "/etc/ssl/ca-bundle.pem",  // SUSE
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL
        "/etc/ssl/cert.pem",  // Alpine, BSD
    ]

    /// The files to load. An error when there is none.
    func files() throws(ClientHTTPError) -> [String] {
        let system = bundle ?? Self.usualBundles.first { unsafe access($0, R_OK) == 0 }
        let files = [system, extra].compactMap(\.self)
        guard files.isEmpty else { return files }
        throw .trustUnusable(
            "there are no trusted certificates on this image: none of "
                + "\(Self.usualBundles.joined(separator: ", ")) can be read"
        )
    }
}
