import Glibc

/// A program that is run to its end.
///
/// Not Foundation's `Process`: before each start it lists the descriptors of this process, and with more than a page of them, as in tests
/// with a hundred gateways, it now and then reads past the list's end and dies.
package enum Subprocess {
    /// Runs the program at `path`; what it writes to standard output, and with `joinsErrors` to standard error, goes to the file `output`.
    /// Blocks: on a thread of its own, or for programs of a moment.
    ///
    /// - Returns: The exit status; 128 and the signal when one ended it.
    package static func run(
        _ path: String, _ arguments: [String], input: String = "/dev/null", output: String, joinsErrors: Bool = false
    ) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        if joinsErrors { unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2) }
        // C strings of our own, freed below.
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawn(&process, path, &actions, nil, &words, environ)
        guard failure == 0 else { throw NotStarted(path: path, error: failure) }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw NotStarted(path: path, error: errno) }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// The system could not start it.
    struct NotStarted: Error {
        let path: String
        let error: Int32
    }
}
