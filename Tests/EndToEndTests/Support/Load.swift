import Foundation
import StrictJSON

/// A run of the load script.
struct Load {
    let child: Child
    let keyFile: URL

    /// The access keys that arrived, in order.
    func keys() throws -> [String] {
        try String(contentsOf: keyFile, encoding: .utf8).split(separator: "\n").map(String.init).sorted()
    }

    func summary() throws -> JSONObject {
        let lastLine = child.output.split(separator: "\n").last ?? ""
        guard let object = try JSONValue(parsing: Array(lastLine.utf8)).object else {
            throw Unexpected("no summary: \(child.errors)")
        }
        return object
    }
}

extension Scene {
    /// Starts the load script on four roles.
    func load(
        _ stack: Stack, _ gateway: Gateway, exchanges: Int, options: [String] = []
    ) async throws -> Load {
        let tokens = try await stack.tokens(100)
        let tokenFile = try write(tokens.joined(separator: "\n"), to: "tokens.txt")
        let keyFile = file("received-keys.txt")
        let child = try start(
            Programs.python(),
            [
                Programs.load.path, "--gateway", gateway.service, "--tokens", tokenFile.path, "--keys", keyFile.path,
                "--exchanges", "\(exchanges)", "--role", "arn:aws:iam::123456123456:role/load-{n}", "--roles", "4",
            ] + options, name: "load")
        return Load(child: child, keyFile: keyFile)
    }
}
