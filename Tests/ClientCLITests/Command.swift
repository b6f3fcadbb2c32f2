import Foundation

/// Other programs that the tests run.
enum Command {
    /// Where a program is; nil when it is not installed.
    static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// How a sanitized program reports: as Scripts/sanitize has told the tests. Nothing otherwise.
    static let sanitizer = ProcessInfo.processInfo.environment.filter {
        ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
    }

    static let hasBotocore = (try? run("python3", ["-c", "import botocore"])) == ""

    struct Missing: Error {
        let name: String
    }

    /// What a program prints. Its variables are PATH, a sanitizer's and the given ones only, its end is waited for.
    static func run(_ name: String, _ arguments: [String], variables: [String: String] = [:]) throws -> String {
        guard let path = find(name) else { throw Missing(name: name) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment["PATH"].map { ["PATH": $0] } ?? [:]
        process.environment = inherited.merging(sanitizer) { $1 }.merging(variables) { $1 }
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
