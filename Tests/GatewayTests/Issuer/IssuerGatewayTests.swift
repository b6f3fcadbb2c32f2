import ExchangeCore
import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The gateway as an issuer, over its listeners.
struct IssuerGatewayTests {
    private let web: FolderWeb
    private let keys: KeyFolder
    private let clock = ManualClock()

    init() throws { (web, keys) = (try FolderWeb(), try KeyFolder()) }

    private func run(_ body: (RunningGateway) async throws -> Void) async throws {
        defer { web.stop() }
        let settings = [
            ("issuer_url", web.url), ("issuer_keys", keys.path), ("issuer_listen", "127.0.0.1:0"),
        ].map { (key: $0.0, value: $0.1) }
        try await RunningGateway.run(GatewayPlan(settings: settings), body)
    }

    private func publish(_ gateway: RunningGateway) async throws {
        let url = try #require(gateway.service.issuerURL)
        for path in [IssuerDocuments.discoveryPath, IssuerDocuments.keySetPath] {
            let answer = try await HTTPProbe.send(ProbeRequest("GET", path), to: url)
            #expect(answer.status == 200 && answer["Content-Type"] == "application/json")
            #expect(answer["Cache-Control"] == "public, max-age=300")
            try PublishedFolder.put(Array(answer.body.utf8), at: path, in: web.folder)
        }
    }

    @Test func `is not ready until the public URL has a key that may sign`() async throws {
        let known = try keys.add(madeAt: clock.now, atOnce: true)
        try await run { gateway in
            #expect(try await gateway.health("/readyz").status == 503)
            #expect(try await gateway.health("/readyz").json["minting"] == "issuer_unpublished")
            #expect(try await gateway.metric("vela_gateway_minting_ready") == "0")
            try await publish(gateway)
            // The gateway looks every few seconds by its own clock, which the test moves.
            #expect(
                try await eventually {
                    gateway.clock.advance(by: .seconds(5))
                    return try await gateway.health("/readyz").status == 200
                })
            #expect(try await gateway.health("/readyz").json["minting"] == "ready")
            #expect(try await gateway.metric("vela_gateway_minting_ready") == "1")
            #expect(try await gateway.metric(#"vela_gateway_signing_keys{state="signing"}"#) == "1")
            #expect(try await gateway.metric("vela_gateway_signing_keys_missing") == "0")

            try keys.remove(known)
            gateway.service.reload()
            #expect(try await gateway.metric("vela_gateway_signing_keys_missing") == "1")
            #expect(try await gateway.health("/readyz").status == 200)
            #expect(gateway.log.lines.contains { $0.contains("the file of a signing key in use is gone") })
        }
    }

    @Test func `takes a new key without a restart`() async throws {
        try keys.add(madeAt: clock.now, atOnce: true)
        try await run { gateway in
            let young = try keys.add(madeAt: clock.now)
            let url = try #require(gateway.service.issuerURL)
            // By the watch, which looks every two seconds.
            #expect(
                try await eventually {
                    try await HTTPProbe.send(ProbeRequest("GET", IssuerDocuments.keySetPath), to: url).body.contains(
                        young.key.keyID)
                })
            #expect(try await gateway.metric(#"vela_gateway_signing_key_reloads_total{result="replaced"}"#) == "1")
        }
    }

    @Test(arguments: [
        ("GET", "/"), ("GET", "/readyz"), ("GET", "/metrics"), ("POST", "/v1/credentials"),
        ("GET", "/x/.well-known/jwks.json"),
    ])
    func `its listener serves two documents and nothing else`(method: String, path: String) async throws {
        try keys.add(madeAt: clock.now, atOnce: true)
        try await run { gateway in
            let url = try #require(gateway.service.issuerURL)
            #expect(try await HTTPProbe.send(ProbeRequest(method, path), to: url).status == 404)
            let posted = try await HTTPProbe.send(ProbeRequest("POST", IssuerDocuments.keySetPath), to: url)
            #expect(posted.status == 405 && posted["Allow"] == "GET, HEAD")
        }
    }

    @Test func `without the settings nothing of it shows`() async throws {
        try await RunningGateway.run { gateway in
            #expect(gateway.service.issuerURL == nil)
            let readiness = try await gateway.health("/readyz").json
            let metric = try await gateway.metric("vela_gateway_minting_ready")
            #expect(readiness["minting"] == nil && metric == nil)
        }
    }
}

extension PublishedFolder {
    /// Puts one document where the issuer's URL shows it.
    static func put(_ bytes: [UInt8], at path: String, in folder: TemporaryFolder) throws {
        let name = String(path.dropFirst())
        let parent = folder.path + "/.well-known"
        if try !folder.names.contains(".well-known") {
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        }
        try folder.write(bytes, to: name)
    }
}
