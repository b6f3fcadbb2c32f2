import COpenSSL
import Glibc

/// What a process that holds tokens does before it reads the first one. Here, because no other target of the client
/// sees C.
package enum ProcessPrecautions {
    /// Turns core dumps off, keeps other processes of the same user from attaching, and ignores SIGPIPE, so that a
    /// broken connection or a closed output is an error with words and not a silent death. False when dumps cannot be
    /// turned off.
    package static func take() -> Bool {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        // The pointer is to a local.
        let limited = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
        let undumpable = copenssl_make_undumpable() == 0
        signal(SIGPIPE, SIG_IGN)
        return limited && undumpable
    }
}

extension ClientHTTP {
    /// The name and version of the TLS library, for `--version`.
    package static var tlsLibrary: String {
        // A constant string of OpenSSL's.
        unsafe OpenSSL_version(OPENSSL_VERSION).map { unsafe String(cString: $0) } ?? "OpenSSL"
    }
}
