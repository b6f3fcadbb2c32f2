/// Why a server did not start, or did not take a certificate. The description names the remedy.
package enum HTTPServerError: Error, Sendable, Equatable {
    /// The address could not be listened on.
    case cannotListen(address: String, reason: String)
    /// The certificate or key could not be used.
    case badCertificate(reason: String)
    /// The server was started without TLS, so there is no certificate to replace.
    case noTLS
    /// The system gave no thread, descriptor or memory.
    case noResources(reason: String)
}

extension HTTPServerError: CustomStringConvertible {
    /// One sentence with the remedy.
    package var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason); choose another address or stop what listens there"
        case .badCertificate(let reason):
            "cannot use the TLS certificate: \(reason); give a PEM chain and the unencrypted PEM key of its first certificate"
        case .noTLS:
            "the server runs without TLS; start it with a certificate before replacing one"
        case .noResources(let reason):
            "cannot start the server: \(reason); raise the limits on threads, memory or open files"
        }
    }
}
