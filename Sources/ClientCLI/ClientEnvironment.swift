import Glibc
package import Secrets
package import StrictJSON

/// All that the program takes from outside, so that tests run the whole of it against a folder, a dictionary and
/// closures.
package struct ClientEnvironment {
    /// The arguments without the program's name.
    package var arguments: [String]
    /// The environment variables.
    package var variables: [String: String]
    /// The folder that Vela mounts into every step: `/vela`.
    package var root: String
    /// Writes to standard output; false when that failed. A secret, because it may be credentials.
    package var writeOutput: (Secret) -> Bool
    /// Writes to standard error.
    package var writeError: (String) -> Void
    /// The time of day.
    package var clock: () -> Timestamp
    /// Waits before a retry.
    package var pause: (Duration) -> Void

    package init(
        arguments: [String] = [], variables: [String: String] = [:], root: String = "/vela",
        writeOutput: @escaping (Secret) -> Bool = { $0.withBytes { Descriptor.write($0, to: STDOUT_FILENO) } },
        writeError: @escaping (String) -> Void = { _ = Descriptor.write($0, to: STDERR_FILENO) },
        clock: @escaping () -> Timestamp = ClientEnvironment.now,
        pause: @escaping (Duration) -> Void = ClientEnvironment.sleep
    ) {
        self.arguments = arguments
        self.variables = variables
        self.root = root
        self.writeOutput = writeOutput
        self.writeError = writeError
        self.clock = clock
        self.pause = pause
    }

    /// The environment of this process. Of a variable that occurs twice the first counts, as in getenv.
    package static func ofProcess() -> ClientEnvironment {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        // `environ` is an array that ends in null; nobody changes it while one thread runs.
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                let name = String(pair[..<equals])
                if variables[name] == nil { variables[name] = String(pair[pair.index(after: equals)...]) }
            }
            unsafe entry += 1
        }
        return ClientEnvironment(arguments: Array(CommandLine.arguments.dropFirst()), variables: variables)
    }

    /// The system's clock.
    package static func now() -> Timestamp {
        var time = timespec()
        // CLOCK_REALTIME always exists; the pointer is to a local.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// Sleeps; a signal may end it early, which only makes a retry sooner.
    package static func sleep(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // The pointer is to a local.
        unsafe nanosleep(&time, nil)
    }

    /// The value of a variable; nil when it is not set or empty, because Vela injects empty ones.
    func variable(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
