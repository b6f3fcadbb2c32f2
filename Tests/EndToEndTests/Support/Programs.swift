import Foundation
import Testing

/// Where the programs under test and the tools of the tests are.
enum Programs {
    /// The folder of the three programs: `VAG_PROGRAMS`, or the one that holds the running tests.
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["VAG_PROGRAMS"] { return URL(filePath: path) }
        // The test runner may be a program of the toolchain that was told the bundle's path.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: bundle ?? runner ?? "").deletingLastPathComponent()
    }()

    static var gateway: URL { folder.appending(path: "vela-aws-gateway") }
    static var client: URL { folder.appending(path: "vela-aws-credentials") }
    static var devstack: URL { folder.appending(path: "vela-aws-devstack") }

    /// The repository.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A program of the Python environment that `Scripts/install-dependencies test` makes.
    static func python(_ name: String = "python3") -> URL { root.appending(path: ".venv/bin/\(name)") }

    /// The proxy.
    static let tinyProxy = URL(filePath: "/usr/bin/tinyproxy")

    /// The script that sends many exchanges at once.
    static var load: URL { root.appending(path: "Tests/EndToEndTests/Support/exchange_load.py") }
}

/// What some tests need and not every machine has.
enum Requirement {
    /// Set in CI: there a test that cannot run fails instead of being skipped.
    private static let all = ProcessInfo.processInfo.environment["VAG_REQUIRE_ALL_TESTS"] == "1"

    static let python = all || exists(Programs.python())
    static let awsTools = all || (exists(Programs.python("aws")) && exists(Programs.python("moto_server")))
    static let tinyProxy = all || exists(Programs.tinyProxy)
    static let sslyze = all || exists(Programs.python("sslyze"))
    static let haproxy = all || (python && exists(URL(filePath: "/usr/sbin/haproxy")))
    static let redis = all || exists(URL(filePath: "/usr/bin/redis-server"))
    static let root = all || getuid() == 0

    private static func exists(_ file: URL) -> Bool { FileManager.default.isExecutableFile(atPath: file.path) }
}

/// All suites: one test at a time, because each starts several programs.
@Suite(.serialized) enum EndToEnd {}
