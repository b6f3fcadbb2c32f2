import COpenSSL
import Glibc

/// OpenSSL's settings for our connections: TLS 1.2 and later, the peer verified against `Trust`.
@safe final class TLSContext {
    // Made in init, freed in deinit; used by one thread.
    private let context: OpaquePointer

    init(_ trust: Trust) throws(ClientHTTPError) {
        // Without openssl.cnf and OPENSSL_CONF: neither may load code or weaken what is set here.
        OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw .trustUnusable("OpenSSL could not start: \(OpenSSLErrors.takeLast())")
        }
        unsafe self.context = context
        guard unsafe copenssl_ctx_set_min_tls12(context) == 1 else {
            throw .trustUnusable("OpenSSL has no TLS 1.2: \(OpenSSLErrors.takeLast())")
        }
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        try load(try trust.file())
    }

    deinit { unsafe SSL_CTX_free(context) }

    /// A session of this context, owned by the caller.
    func makeSession() -> OpaquePointer? { unsafe SSL_new(context) }

    private func load(_ file: String) throws(ClientHTTPError) {
        // First, because OpenSSL says only "system lib". The path is borrowed as a C string for the call.
        guard unsafe access(file, R_OK) == 0 else { throw Self.unusable(file, reason(errno: errno)) }
        ERR_clear_error()
        guard unsafe SSL_CTX_load_verify_locations(context, file, nil) == 1 else {
            throw Self.unusable(file, OpenSSLErrors.takeLast())
        }
    }

    private static func unusable(_ file: String, _ reason: String) -> ClientHTTPError {
        .trustUnusable("the certificates in \(file) cannot be used (\(reason)): it must be a readable PEM file")
    }
}

/// OpenSSL's queue of errors, which is a thread's own.
enum OpenSSLErrors {
    /// The last error in OpenSSL's words; empties the queue.
    static func takeLast() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0 else { return "no reason given" }
        // A constant string of OpenSSL's, or null for codes it does not know.
        return unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
