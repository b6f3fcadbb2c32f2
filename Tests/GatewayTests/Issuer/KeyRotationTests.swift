import ExchangeCore
import Foundation
import Secrets
import StrictJSON
import TestSupport
import Testing
import Threading

@testable import Gateway

/// A rotation from the first key to the next under load, with joserfc in AWS's place.
struct KeyRotationTests {
    private static let audience = "sts.amazonaws.com"
    private let clock = ManualClock()
    private let keys: KeyFolder
    private let folder: TemporaryFolder

    init() throws { (keys, folder) = (try KeyFolder(), try TemporaryFolder()) }

    @Test(
        .enabled(if: PythonScript.isAvailable, "run Scripts/install-dependencies test"),
        arguments: [SigningAlgorithm.es256, .rs256])
    func `no mint fails, and a key set that is a day old verifies every token`(next: SigningAlgorithm) async throws {
        let first = try keys.add(madeAt: clock.now, atOnce: true)
        let issuer = try issuer()
        try await publish(issuer)

        let load = MintingLoad(issuer.minter, now: clock.closure)
        let second = try await load.run {
            try await load.waitForMore(20)
            // Else the copy of the files as they were would be overwritten by the next one.
            clock.advance(by: .seconds(60))
            let second = try keys.add(try SigningKey(for: next), madeAt: clock.now)
            issuer.reload()
            try await publish(issuer)
            // To and over the moment in which the second one may sign.
            for _ in 0..<26 {
                clock.advance(by: .seconds(3600))
                try await load.waitForMore(10)
            }
            try keys.remove(first)
            issuer.reload()
            try await publish(issuer)
            for _ in 0..<26 {
                clock.advance(by: .seconds(3600))
                issuer.ring.sweep()
                try await load.waitForMore(10)
            }
            try await publish(issuer)
            return second
        }

        #expect(load.failures == 0)
        #expect(issuer.ring.publicKeys.count == 1)
        try folder.write(load.lines.joined(separator: "\n"), to: "tokens")
        let lines = try PythonScript("Tests/IssuerTests/verify_minted.py").lines([folder.path, Self.audience])
        let counts = lines.map { String(decoding: $0, as: UTF8.self) }
        #expect(counts.count == 2 && counts.contains { $0.hasPrefix(first.key.keyID) }, "\(counts)")
        #expect(counts.contains { $0.hasPrefix(second.key.keyID) }, "\(counts)")
    }

    private func issuer() throws -> OwnIssuer {
        let url = try OwnIssuerURL(parsing: "https://ci.example.com")
        let path = folder.path + "/current"
        return try OwnIssuer(
            IssuerSettings(url: url, keys: keys.files),
            OwnIssuer.Surroundings(
                fetch: { (address: String, _: Bool) async throws(KeyFetchFailure) -> [UInt8] in
                    let name = address.dropFirst(url.description.count)
                    guard let bytes = FileManager.default.contents(atPath: path + name) else {
                        throw KeyFetchFailure("404")
                    }
                    return [UInt8](bytes)
                }, metrics: GatewayMetrics(), logger: LineCollector().logger(), now: clock.closure))
    }

    /// Writes the files as they are now, keeps a copy for the verifier, and lets the gateway look.
    private func publish(_ issuer: OwnIssuer) async throws {
        for path in ["/current", "/history/\(clock.now.seconds)"] {
            try PublishedFolder(path: folder.path + path).write(issuer.documents)
        }
        await issuer.publication.look()
    }
}

/// Tasks that mint without a pause and keep what they got.
private final class MintingLoad: Sendable {
    private let minter: TokenMinter
    private let now: @Sendable () -> Timestamp
    private let state = Lock(State())

    private struct State {
        var made: [String] = []
        var wanted = 0
        var failed = 0
        var isOver = false

        /// How many attempts have ended.
        var ended: Int { made.count + failed }
    }

    init(_ minter: TokenMinter, now: @escaping @Sendable () -> Timestamp) { (self.minter, self.now) = (minter, now) }

    var lines: [String] { state.withLock { $0.made } }
    var failures: Int { state.withLock { $0.failed } }

    /// Mints while `body` runs.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup { group in
            for _ in 0..<3 { group.addTask { await self.mint() } }
            defer { state.withLock { $0.isOver = true } }
            let value = try await body()
            state.withLock { $0.isOver = true }
            try await group.waitForAll()
            return value
        }
    }

    /// Returns when so many more tokens were made.
    func waitForMore(_ count: Int) async throws {
        let target = state.withLock { state in
            state.wanted = state.ended + count
            return state.wanted
        }
        _ = try await eventually { state.withLock { $0.ended >= target } }
    }

    private func mint() async {
        while !state.withLock({ $0.isOver }) {
            // Not more than asked for: what is made is verified one by one.
            guard state.withLock({ $0.ended < $0.wanted }) else {
                await Task.yield()
                continue
            }
            let before = now()
            do throws(Refusal) {
                let token = try minter.mint(
                    FederationClaims(
                        subject: "repo:octo-org/octo-repo:\(before.seconds)", audience: "sts.amazonaws.com"))
                let text = token.token.withBytes { bytes in
                    String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
                }
                // The clock moves in steps: one between the two lines shows in `exp`.
                let madeAt = token.expiresAt.seconds - 60
                state.withLock { $0.made.append("\(madeAt) \(text)") }
            } catch {
                state.withLock { $0.failed += 1 }
            }
        }
    }
}
