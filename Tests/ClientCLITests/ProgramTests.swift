import Foundation
import Testing

@testable import ClientCLI

/// The binary itself. Its parameters come from the environment, because `/vela` is not the tests' to write.
@Suite struct ProgramTests {
    /// The binary beside the one that runs the tests.
    private static let binary: URL = {
        let tests = URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
        return tests.deletingLastPathComponent().appending(path: "vela-aws-credentials")
    }()

    /// A started process with its standard error.
    private final class Run {
        let process = Process()
        private let errors = Pipe()
        private let output = Pipe()

        init(_ executable: URL, _ arguments: [String], variables: [String: String]) throws {
            try #require(
                FileManager.default.isExecutableFile(atPath: ProgramTests.binary.path),
                "build vela-aws-credentials first")
            process.executableURL = executable
            process.arguments = arguments
            process.environment = Command.sanitizer.merging(variables) { $1 }
            process.standardError = errors
            process.standardOutput = output
            try process.run()
        }

        /// Waits for the end.
        func finish() throws -> (status: Int32, output: String, errors: String) {
            let said = try errors.fileHandleForReading.readToEnd() ?? Data()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (
                process.terminationStatus, String(decoding: data, as: UTF8.self), String(decoding: said, as: UTF8.self)
            )
        }
    }

    private func variables(_ fixture: Fixture, script: String) -> [String: String] {
        fixture.variables.merging(["PARAMETER_SCRIPT_WRITE": "true", "PARAMETER_SCRIPT_PATH": script]) { $1 }
    }

    @Test func `writes a script that can be sourced`() throws {
        let fixture = Fixture(Fixture.server())
        let script = "\(fixture.root)/aws/setup.sh"
        let result = try Run(Self.binary, [], variables: variables(fixture, script: script)).finish()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(
            try Command.run("sh", ["-c", ". \"$0\"; printf %s \"$AWS_SESSION_TOKEN\"", script]) == Fixture.sessionToken)
    }

    @Test(.enabled(if: Command.hasBotocore, "python3 with botocore is not installed"))
    func `is a credential process to botocore`() throws {
        let fixture = Fixture(Fixture.server { _ in Fixture.credentials(["expiration": "2126-01-02T03:04:05Z"]) })
        try FileManager.default.createDirectory(atPath: fixture.root, withIntermediateDirectories: true)
        let config = "\(fixture.root)/config"
        try "[default]\ncredential_process = \(Self.binary.path) process --log-level error\n".write(
            toFile: config, atomically: false, encoding: .utf8)
        let script = """
            import botocore.credentials, botocore.session
            provider = botocore.credentials.ProcessProvider(
                'default', lambda: botocore.session.Session().full_config)
            found = provider._retrieve_credentials_using(provider._credential_process)
            print(found['access_key'], found['secret_key'], found['token'], found['expiry_time'], sep='\\n')
            """
        let variables = fixture.variables.merging(["AWS_CONFIG_FILE": config, "HOME": fixture.root]) { $1 }
        let output = try Command.run("python3", ["-c", script], variables: variables)
        #expect(
            output == "ASIAIOSFODNN7EXAMPLE\n\(Fixture.secretKey)\n\(Fixture.sessionToken)\n2126-01-02T03:04:05Z\n")
    }

    @Test func `asks once for two credential processes at once`() throws {
        // The gateway's answer to the first waits until the second is at the lock.
        let gate = DispatchSemaphore(value: 0)
        let arrived = DispatchSemaphore(value: 0)
        let server = Fixture.server { _ in
            arrived.signal()
            gate.wait()
            return Fixture.credentials(["expiration": "2126-01-02T03:04:05Z"])
        }
        let fixture = Fixture(server)
        let variables = fixture.variables.merging(["XDG_CACHE_HOME": "\(fixture.root)/cache"]) { $1 }
        let first = try Run(Self.binary, ["process"], variables: variables)
        arrived.wait()
        let second = try Run(Self.binary, ["process"], variables: variables)
        while second.process.isRunning, !Self.holdsLockFile(second.process.processIdentifier) { usleep(5000) }
        #expect(second.process.isRunning)
        // Should the second ask too, its question is answered, and counted.
        gate.signal()
        gate.signal()
        let (one, two) = (try first.finish(), try second.finish())
        #expect(one.status == 0 && two.status == 0, "\(one.errors)\(two.errors)")
        #expect(one.output == two.output && one.output.contains(Fixture.secretKey))
        #expect(server.requests.count == 2)
    }

    /// Whether a process has a lock file open.
    private static func holdsLockFile(_ process: Int32) -> Bool {
        let folder = "/proc/\(process)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"))?.hasSuffix(".lock")
                == true
        }
    }

    @Test func `does not follow a link that was put where a folder was missing`() throws {
        let strace = try #require(Command.find("strace"), "strace is not installed")
        let fixture = Fixture(Fixture.server())
        try FileManager.default.createDirectory(atPath: "\(fixture.root)/theirs", withIntermediateDirectories: true)
        let link = "\(fixture.root)/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "\(fixture.root)/theirs")
        // The first look finds no folder; then, as if somebody had just put it there, the link.
        let options = ["-qq", "-o", "/dev/null", "-P", link, "-e", "inject=openat:error=ENOENT:when=1"]
        let run = try Run(
            URL(filePath: strace), options + [Self.binary.path],
            variables: variables(fixture, script: "\(link)/setup.sh"))
        let result = try run.finish()
        #expect(result.status == 1 && result.errors.contains("could not open the folder \(link)"), "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.root)/theirs").isEmpty)
    }

    @Test func `says in the form asked for that core dumps cannot be turned off`() throws {
        let strace = try #require(Command.find("strace"), "strace is not installed")
        let command = ["-qq", "-o", "/dev/null", "-e", "inject=prctl:error=EPERM", Self.binary.path, "--output=json"]
        let result = try Run(URL(filePath: strace), command, variables: [:]).finish()
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.contains(#""kind":"core_dumps_on""#) && result.errors.hasPrefix("{"))
    }

    @Test func `tells its version and its help on standard output`() throws {
        let version = try Run(Self.binary, ["--version"], variables: [:]).finish()
        #expect(version.status == 0 && version.output.hasPrefix("vela-aws-credentials ") && version.errors.isEmpty)
        let help = try Run(Self.binary, ["--help"], variables: [:]).finish()
        #expect(help.status == 0 && help.output.contains("--gateway-url") && help.errors.isEmpty)
    }

    @Test func `ends with 1 and words on standard error`() throws {
        let result = try Run(Self.binary, ["--rolle", "x"], variables: [:]).finish()
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("error: unknown flag --rolle"))
        #expect(result.errors.contains("no role provided"))
    }

    @Test func `has core dumps off before it talks to anyone`() throws {
        // The gateway lets it wait; meanwhile the process is looked at.
        let gate = DispatchSemaphore(value: 0)
        let arrived = DispatchSemaphore(value: 0)
        let server = StandIn { request, _ in
            guard !request.line.contains("/id_token") else { return Fixture.tokenAnswer(0) }
            arrived.signal()
            gate.wait()
            return Fixture.problem(403, "policy_denied", "No.")
        }
        let fixture = Fixture(server)
        let run = try Run(Self.binary, [], variables: fixture.variables)
        arrived.wait()
        let limits = try String(contentsOfFile: "/proc/\(run.process.processIdentifier)/limits", encoding: .utf8)
        let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(core.split(separator: " ")[4...5] == ["0", "0"])
        gate.signal()
        #expect(try run.finish().status == 1)
    }

    /// Runs with a file size limit of 0 over a file that holds `old`: the first write of content ends by SIGXFSZ.
    private func overwrite(signal disposition: String, _ check: (Run, [String]) throws -> Void) throws {
        let fixture = Fixture(Fixture.server())
        try FileManager.default.createDirectory(atPath: fixture.root, withIntermediateDirectories: true)
        let script = "\(fixture.root)/setup.sh"
        try "old".write(toFile: script, atomically: false, encoding: .utf8)
        let command = [disposition, "/bin/sh", "-c", "ulimit -f 0; exec \"$0\"", Self.binary.path]
        let run = try Run(URL(filePath: "/usr/bin/env"), command, variables: variables(fixture, script: script))
        run.process.waitUntilExit()
        #expect(try String(contentsOfFile: script, encoding: .utf8) == "old")
        try check(run, FileManager.default.contentsOfDirectory(atPath: fixture.root))
    }

    @Test func `leaves the old file whole when it is killed while writing`() throws {
        try overwrite(signal: "--default-signal=XFSZ") { run, _ in
            #expect(run.process.terminationReason == .uncaughtSignal && run.process.terminationStatus == SIGXFSZ)
        }
    }

    @Test func `leaves the old file and nothing else when the disk takes no more`() throws {
        try overwrite(signal: "--ignore-signal=XFSZ") { run, names in
            let result = try run.finish()
            #expect(result.status == 1 && names == ["setup.sh"])
            #expect(result.errors.contains("could not write the file (File too large)"))
        }
    }
}
