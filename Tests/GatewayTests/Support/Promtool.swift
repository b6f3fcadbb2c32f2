import Foundation

/// Prometheus' own judge of metrics.
enum Promtool {
    /// True in CI too, where a test that cannot run fails instead of being skipped.
    static let isThere = path != nil || ProcessInfo.processInfo.environment["VAG_REQUIRE_ALL_TESTS"] == "1"

    private static let path = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What `promtool check metrics` says of `text`; nil when it finds nothing wrong.
    static func complaint(about text: [UInt8]) throws -> String? {
        struct NoPromtool: Error {}
        guard let path else { throw NoPromtool() }
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["check", "metrics"]
        process.standardInput = FileHandle(forReadingAtPath: try folder.write(text, to: "metrics.txt"))
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let words = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 && words.isEmpty ? nil : "\(process.terminationStatus): \(words)"
    }
}
