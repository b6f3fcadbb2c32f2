import CMicroHTTPD
import Threading

/// The pair for new handshakes. Replaced pairs are kept, because a handshake may still be reading them and GnuTLS does
/// not tell when it is done; a pair takes some kilobytes and is replaced a few times a year.
final class CertificateStore: Sendable {
    private let identities: Lock<[TLSIdentity]>

    init(_ identity: TLSIdentity) {
        identities = Lock([identity])
    }

    /// New handshakes get `identity` from now on. False when it is what they get already.
    func replace(with identity: TLSIdentity) -> Bool {
        identities.withLock { identities in
            // A reload for another reason must not let the list grow.
            guard identities.last?.configuration != identity.configuration else { return false }
            identities.append(identity)
            return true
        }
    }

    /// The pair for a handshake that begins now.
    var current: TLSIdentity? { identities.withLock { $0.last } }
}

/// GnuTLS asks for the pair of a new handshake, on a loop. It passes no closure argument, but libmicrohttpd
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
    let bridge = unsafe Unmanaged<Daemon>.fromOpaque(cls).takeUnretainedValue().bridge
    guard let identity = bridge.certificates?.current else { return -1 }
    unsafe identity.lend(chain, count, key)
    return 0
}
