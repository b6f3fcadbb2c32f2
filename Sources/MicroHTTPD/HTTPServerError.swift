import Glibc

/// Why a server did not start, or did not take a certificate. The description names the remedy.
package enum HTTPServerError: Error, Sendable, Equatable {
    /// The address could not be listened on.
    case cannotListen(address: String, reason: String)
    /// The certificate or key could not be used.
    case badCertificate(reason: String)
    /// The certificate has expired, or is not valid yet.
    case certificateNotInForce(CertificateTime)
    /// The file of clients' authorities could not be used.
    case badClientAuthorities(reason: String)
    /// The server was started without TLS, so there is no certificate to replace.
    case noTLS
    /// The system gave no thread, descriptor or memory.
    case noResources(reason: String)
}

/// Why a certificate is not in force, in seconds since 1970.
package enum CertificateTime: Sendable, Equatable {
    case expired(at: Int64)
    case early(until: Int64)
}

extension HTTPServerError: CustomStringConvertible {
    /// One sentence with the remedy.
    package var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason); choose another address or stop what listens there"
        case .badCertificate(let reason):
            "cannot use the TLS certificate: \(reason); give a PEM chain and the unencrypted PEM key of its first certificate"
        case .certificateNotInForce(.expired(let time)):
            "the TLS certificate expired at \(utc(time)); put a renewed pair in its place"
        case .certificateNotInForce(.early(let time)):
            "the TLS certificate is not valid before \(utc(time)); correct the clock, or reload when it is"
        case .badClientAuthorities(let reason):
            "cannot use the authorities of clients' certificates: \(reason); give a PEM file of certificates"
        case .noTLS:
            "the server runs without TLS; start it with a certificate before replacing one"
        case .noResources(let reason):
            "cannot start the server: \(reason); raise the limits on threads, memory or open files"
        }
    }
}

/// `2026-01-02T03:04:05Z` for seconds since 1970.
private func utc(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = unsafe tm()
    var text = [UInt8](repeating: 0, count: 32)
    // All three are this function's own; strftime writes at most 32 bytes, the last of them 0.
    let length = unsafe text.withUnsafeMutableBytes { text in
        unsafe strftime(
            text.bindMemory(to: CChar.self).baseAddress, text.count, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&time, &parts))
    }
    return String(decoding: text.prefix(length), as: UTF8.self)
}
