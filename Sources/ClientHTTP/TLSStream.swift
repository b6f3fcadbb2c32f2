import COpenSSL
import Glibc
import Secrets

/// TLS over a connected socket, the server's certificate verified for the URL's host.
@safe final class TLSStream: ByteStream {
    private let socket: Socket
    // Kept alive for the session; OpenSSL counts its references too.
    private let context: TLSContext
    // Made in init, freed in deinit before the socket; used by one thread.
    private let session: OpaquePointer
    private let scratch = ScratchBuffer()

    /// Shakes hands for `host`. Nothing of a request is sent before the certificate has been accepted.
    init(
        _ socket: Socket, host: URLHost, context: TLSContext, until deadline: Deadline
    ) throws(ClientHTTPError) {
        guard let session = unsafe context.makeSession() else {
            throw .handshakeFailed(host: host.text, reason: OpenSSLErrors.takeLast())
        }
        self.socket = socket
        self.context = context
        unsafe self.session = session
        guard unsafe SSL_set_fd(session, socket.descriptor) == 1, expect(host) else {
            throw .handshakeFailed(host: host.text, reason: OpenSSLErrors.takeLast())
        }
        try shakeHands(host, until: deadline)
    }

    deinit { unsafe SSL_free(session) }

    func write(_ bytes: Secret, until deadline: Deadline) throws(ClientHTTPError) {
        // Without partial writes (OpenSSL's default) SSL_write sends all, or asks to be called again with the same
        // bytes.
        while true {
            ERR_clear_error()
            let count = bytes.withBytes { span in
                unsafe span.withUnsafeBytes { unsafe SSL_write(session, $0.baseAddress, Int32($0.count)) }
            }
            if count > 0 { return }
            try wait(after: count, .sending, until: deadline)
        }
    }

    func read(until deadline: Deadline) throws(ClientHTTPError) -> Secret? {
        while true {
            ERR_clear_error()
            // SSL_read writes at most the scratch buffer's size.
            let (count, bytes) = unsafe scratch.fill { Int(unsafe SSL_read(session, $0.baseAddress, Int32($0.count))) }
            if let bytes { return bytes }
            if unsafe SSL_get_error(session, Int32(count)) == SSL_ERROR_ZERO_RETURN { return nil }
            try wait(after: Int32(count), .receiving, until: deadline)
        }
    }

    /// Sets whose certificate is expected, and the server name for a host that has one (RFC 6066 allows no address
    /// there).
    private func expect(_ host: URLHost) -> Bool {
        switch host {
        case .name(let name):
            unsafe SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            return unsafe SSL_set1_host(session, name) == 1 && copenssl_set_server_name(session, name) == 1
        case .ipv4(let address), .ipv6(let address):
            return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), address) == 1
        }
    }

    private func shakeHands(_ host: URLHost, until deadline: Deadline) throws(ClientHTTPError) {
        while true {
            ERR_clear_error()
            let result = unsafe SSL_connect(session)
            if result == 1 { return }
            let verdict = unsafe SSL_get_verify_result(session)
            guard verdict == Int(X509_V_OK) else {
                // A constant string of OpenSSL's.
                let reason = unsafe String(cString: X509_verify_cert_error_string(verdict))
                throw .certificateRefused(host: host.text, reason: reason)
            }
            // OpenSSL's words mean that the two do not agree; the system's, that the connection broke.
            if unsafe SSL_get_error(session, result) == SSL_ERROR_SSL {
                throw .handshakeFailed(host: host.text, reason: OpenSSLErrors.takeLast())
            }
            try wait(after: result, .handshake, until: deadline)
        }
    }

    /// After an incomplete operation waits until the socket can go on, or throws why it cannot.
    private func wait(
        after result: Int32, _ stage: ClientHTTPError.Stage, until deadline: Deadline
    ) throws(ClientHTTPError) {
        let code = errno
        let events: Int32
        switch unsafe SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: events = POLLIN
        case SSL_ERROR_WANT_WRITE: events = POLLOUT
        case SSL_ERROR_SYSCALL where code != 0 && ERR_peek_last_error() == 0:
            throw .connectionLost(stage, reason: reason(errno: code))
        default: throw .connectionLost(stage, reason: OpenSSLErrors.takeLast())
        }
        guard Poll.wait(socket.descriptor, for: events, until: deadline) else { throw .timedOut(stage) }
    }
}
