import Foundation
import Testing

/// The proxy tinyproxy on loopback.
final class TinyProxy {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/tinyproxy")

    let address: String
    private let process = Process()
    private let logFile: URL

    var url: String { "http://\(address)" }
    /// What it has done so far, a line for each request.
    var log: String { get throws { try String(contentsOf: logFile, encoding: .utf8) } }

    /// Starts one that lets everyone through, or only who knows the password.
    init(user: String? = nil, password: String = "") throws {
        // It cannot choose a port itself. Should another program take this one first, it ends and says so.
        let port = Loopback.unusedPort()
        address = "127.0.0.1:\(port)"
        let folder = FileManager.default.temporaryDirectory
        let name = "tinyproxy-\(UUID().uuidString)"
        logFile = folder.appending(path: name + ".log")
        let configuration = folder.appending(path: name + ".conf")
        try """
        Port \(port)
        Listen 127.0.0.1
        Timeout 60
        LogLevel Connect
        LogFile "\(logFile.path)"
        \(user.map { "BasicAuth \($0) \(password)" } ?? "")
        """.write(to: configuration, atomically: false, encoding: .utf8)
        process.executableURL = URL(filePath: "/usr/bin/tinyproxy")
        process.arguments = ["-d", "-c", configuration.path]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try awaitListening(port)
        try FileManager.default.removeItem(at: configuration)
    }

    deinit {
        // Not terminate(): a child of a test's thread inherits its blocked signals, SIGTERM among them.
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: logFile)
    }

    private struct NotStarted: Error {}

    private func awaitListening(_ port: UInt16) throws {
        while process.isRunning {
            if Loopback.accepts(port) { return }
            usleep(10_000)
        }
        throw NotStarted()
    }
}
