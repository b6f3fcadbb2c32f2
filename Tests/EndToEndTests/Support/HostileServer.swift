import Foundation
import StrictJSON

/// The script that goes wrong in every way a network can, each at a port of its own.
struct HostileServer: Sendable {
    private let ports: [String: Int]
    private let counts: URL

    /// The ways that a client may meet; `target` is where the redirect leads.
    var ways: [String] { ports.keys.filter { $0 != "target" }.sorted() }

    /// The address of a way.
    func url(_ way: String) -> String {
        "\(way == "wrong_certificate" ? "https" : "http")://127.0.0.1:\(ports[way] ?? 0)"
    }

    /// How many requests a way has had, and how many bytes of its endless answers were taken.
    func requests(_ way: String) throws -> Int { try count(way, "requests") }
    func bytes(_ way: String) throws -> Int { try count(way, "bytes") }

    private func count(_ way: String, _ name: String) throws -> Int {
        let object = try JSONValue(parsing: Array(try Data(contentsOf: counts))).object
        return Int(object?[way]?.object?[name]?.integer ?? 0)
    }

    fileprivate init(_ document: JSONObject, counts: URL) {
        ports = Dictionary(uniqueKeysWithValues: document.members.map { ($0.name, Int($0.value.integer ?? 0)) })
        self.counts = counts
    }
}

extension Scene {
    /// Starts the script. Its certificate is of an authority that nobody trusts.
    func hostileServer() async throws -> HostileServer {
        let authority = try await authority("nobody")
        let (ready, counts) = (file("hostile.json"), file("hostile-counts.json"))
        let child = try start(
            Programs.python(),
            [
                Programs.root.appending(path: "Tests/EndToEndTests/Support/hostile_server.py").path,
                "--ready", ready.path, "--counts", counts.path, "--certificate", authority.server.path,
                "--key", authority.key.path,
            ], name: "hostile")
        return HostileServer(try await document(ready, of: child), counts: counts)
    }
}

extension Child {
    /// The most memory that the program has had so far, in KiB.
    func peakMemory() throws -> Int {
        let line = try proc("status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let line, let kilobytes = Int(line.filter(\.isNumber)) else { throw Unexpected("no VmHWM of \(name)") }
        return kilobytes
    }
}
