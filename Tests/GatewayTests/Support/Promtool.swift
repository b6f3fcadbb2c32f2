import Foundation
import TestSupport

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
        let words = try folder.write([], to: "words")
        let status = try Subprocess.run(
            path, ["check", "metrics"], input: try folder.write(text, to: "metrics.txt"), output: words,
            joinsErrors: true)
        let said = try String(contentsOfFile: words, encoding: .utf8)
        return status == 0 && said.isEmpty ? nil : "\(status): \(said)"
    }
}
