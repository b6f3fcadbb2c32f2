import Foundation
import OutboundHTTP
import Secrets
import Testing

/// A client with loopback in mind; no proxy exceptions, so that a proxy would be noticed.
func makeClient(
    caFile: String? = nil, proxy: String? = nil, maximumConnections: Int = 128
) throws -> OutboundHTTPClient {
    try OutboundHTTPClient(
        configuration: OutboundConfiguration(
            userAgent: "test/1", caFile: caFile, proxy: proxy, proxyExceptions: [],
            maximumConnections: maximumConnections))
}

/// A request with bounds that no passing test comes near.
func get(_ url: String, maximumBytes: Int = 100_000, deadline: Duration = .seconds(30)) throws -> OutboundRequest {
    OutboundRequest(url: try OutboundURL(parsing: url), deadline: deadline, maximumBytes: maximumBytes)
}

/// Runs `script` against a fresh server and client, and ends both.
func withServer<Result>(
    _ script: @escaping @Sendable (ScriptedConnection) -> Void,
    client: OutboundHTTPClient? = nil,
    _ body: (ScriptedServer, OutboundHTTPClient) async throws -> Result
) async throws -> Result {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    let client = try client ?? makeClient()
    do {
        let result = try await body(server, client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}

/// The failure of `request`, or nil where it was answered.
func failureSending(_ request: OutboundRequest, by client: OutboundHTTPClient) async -> OutboundFailure? {
    do throws(OutboundFailure) {
        _ = try await client.send(request)
        return nil
    } catch {
        return error
    }
}

/// Polls until `condition` holds; false after a bound that only a broken build reaches.
func eventually(_ condition: () -> Bool) async throws -> Bool {
    for _ in 0..<2000 {
        if condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}

extension Secret {
    /// The bytes as text.
    var text: String {
        withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }
}

/// What several threads count or gather.
final class Shared<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Value

    init(_ value: Value) { stored = value }

    var value: Value { lock.withLock { stored } }

    @discardableResult
    func update<Result>(_ body: (inout Value) -> Result) -> Result {
        lock.withLock { body(&stored) }
    }
}
