import CLinux
import Glibc

/// What a program does to itself before it holds a secret.
package enum ProcessHardening {
    /// No core dumps, no backtraces, no tracing by others of the same user, and a peer that goes away is an error of write(2)
    /// instead of the process's end. False when the system refused one of them: then a crash could show a secret.
    package static func apply() -> Bool {
        signal(SIGPIPE, SIG_IGN)
        return endsSilentlyInACrash() && forbidsDumps()
    }

    /// Swift's runtime answers a crash by a report on standard error with the memory that the registers point to, whatever
    /// the dump settings say, unless SWIFT_BACKTRACE forbids it before the start. These are the signals that it takes.
    private static func endsSilentlyInACrash() -> Bool {
        [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP].allSatisfy { number in
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = SIG_DFL
            return unsafe sigaction(number, &action, nil) == 0
        }
    }

    private static func forbidsDumps() -> Bool {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        return unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 && clinux_disable_dumping() == 0
    }
}
