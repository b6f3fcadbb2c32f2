package import Foundation

/// A script of the repository in the Python environment that `Scripts/install-dependencies test` makes.
package struct PythonScript: Sendable {
    private let script: URL
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let python = root.appending(path: ".venv/bin/python")

    /// Whether it can be run; in CI it must, so that a missing environment fails a test instead of skipping it.
    package static let isAvailable =
        ProcessInfo.processInfo.environment["VAG_REQUIRE_ALL_TESTS"] == "1"
        || FileManager.default.isExecutableFile(atPath: python.path)

    /// `path` is seen from the repository's root.
    package init(_ path: String) { script = Self.root.appending(path: path) }

    /// The lines that it prints. Throws when it fails.
    package func lines(_ arguments: [String]) throws -> [Data] {
        let output = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID().uuidString)")
        // What is left in the temporary folder harms nobody.
        defer { try? FileManager.default.removeItem(at: output) }
        let status = try Subprocess.run(Self.python.path, [script.path] + arguments, output: output.path)
        guard status == 0 else { throw Failure(status: status) }
        return try Data(contentsOf: output).split(separator: UInt8(ascii: "\n"))
    }

    /// The script ended with another status than 0; what it says stands on standard error.
    struct Failure: Error {
        let status: Int32
    }
}
