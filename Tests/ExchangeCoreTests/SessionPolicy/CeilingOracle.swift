import Foundation

/// Runs the generator of ceilings and requests, an evaluator of IAM policies in Python that shares no line with ours.
enum CeilingOracle {
    /// The root of the repository, three folders above this one's file.
    private static let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    private static let python = root.appending(path: ".venv/bin/python")
    private static let script = root.appending(path: "Tests/Oracle/generate_ceilings.py")

    /// Both are there, or they have to be.
    static let isWanted =
        ProcessInfo.processInfo.environment["VAG_REQUIRE_ALL_TESTS"] == "1"
        || [python, script].allSatisfy { FileManager.default.fileExists(atPath: $0.path()) }

    /// The generator's cases for a seed.
    static func cases(seed: Int, count: Int) throws -> [CeilingCase] {
        let output = FileManager.default.temporaryDirectory.appending(path: "ceilings-\(UUID().uuidString)")
        try Data().write(to: output)
        // Left-overs in the temporary folder harm nobody.
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = python
        process.arguments = [script.path(), "--seed", String(seed), "--count", String(count)]
        process.currentDirectoryURL = root
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw GeneratorFailed(status: process.terminationStatus) }
        return try Data(contentsOf: output).split(separator: UInt8(ascii: "\n")).map(CeilingCase.init(line:))
    }

    private struct GeneratorFailed: Error { let status: Int32 }
}

/// One ceiling and one request, and what they allow.
struct CeilingCase {
    let id: Int
    /// JSON texts of the policies.
    let ceiling: String
    let request: String
    /// The generator made the request from the ceiling by a step that must be proved.
    let isNarrowing: Bool
    let pairs: [Pair]

    struct Pair: Decodable {
        let action: String
        let resource: String
        let request_allows: Bool
        let ceiling_allows: Bool

        /// The request reaches beyond the ceiling.
        var isBreach: Bool { request_allows && !ceiling_allows }
    }

    private struct Line: Decodable {
        let id: Int
        let narrowing: Bool
        let pairs: [Pair]
    }

    /// The policies stay JSON, for our own parser.
    init(line: Data) throws {
        let decoded = try JSONDecoder().decode(Line.self, from: line)
        guard let members = try JSONSerialization.jsonObject(with: line) as? [String: Any],
            let ceiling = members["ceiling"], let request = members["request"]
        else { throw CocoaError(.coderReadCorrupt) }
        id = decoded.id
        isNarrowing = decoded.narrowing
        pairs = decoded.pairs
        self.ceiling = String(decoding: try JSONSerialization.data(withJSONObject: ceiling), as: UTF8.self)
        self.request = String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self)
    }
}
