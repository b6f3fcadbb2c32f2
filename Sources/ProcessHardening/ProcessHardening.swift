import CLinux
import Glibc

/// What a program does to itself before it holds a secret.
package enum ProcessHardening {
    /// No core dumps, no tracing by others of the same user, and a peer that goes away is an error of write(2) instead of the
    /// process's end. False when the system refused one of them: then a core dump could hold a secret.
    package static func apply() -> Bool {
        signal(SIGPIPE, SIG_IGN)
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        return unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 && clinux_disable_dumping() == 0
    }
}
