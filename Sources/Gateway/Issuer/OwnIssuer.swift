import ExchangeCore
import Logging
import StrictJSON

/// The gateway as an issuer: its keys, their publication, and the tokens it makes.
struct OwnIssuer: Sendable {
    let url: OwnIssuerURL
    let minter: TokenMinter
    let ring: SigningKeyRing
    let publication: PublicationCheck
    private let metrics: GatewayMetrics
    private let logger: Logger

    /// What it needs of its surroundings.
    struct Surroundings: Sendable {
        let fetch: KeyFetch
        let metrics: GatewayMetrics
        let logger: Logger
        let now: @Sendable () -> Timestamp
    }

    /// Reads the keys; throws what is wrong with them.
    init(_ settings: IssuerSettings, _ surroundings: Surroundings) throws(StartFailure) {
        let ring = try SigningKeyRing(settings.keys, publishAhead: settings.publishAhead, now: surroundings.now)
        url = settings.url
        self.ring = ring
        minter = TokenMinter(
            issuer: settings.url.description, lifetime: settings.tokenLifetime, now: surroundings.now,
            signingKey: { () throws(Refusal) in try ring.signer() })
        publication = PublicationCheck(
            of: settings.url, ring: ring, fetch: surroundings.fetch, metrics: surroundings.metrics,
            logger: surroundings.logger, now: surroundings.now)
        metrics = surroundings.metrics
        logger = surroundings.logger
    }

    /// What is to be published now.
    var documents: IssuerDocuments { IssuerDocuments(issuer: url, publicKeys: ring.publicKeys) }

    /// Reads the key files again, and tells of it.
    func reload() { report(ring.reload()) }

    /// Watches the key files and the public URL, until `sleep` throws, as it does when its task is cancelled.
    func watch(sleep: @escaping @Sendable (Duration) async throws -> Void) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await publication.watch(sleep: sleep) }
            group.addTask { await watchFiles(sleep: sleep) }
        }
    }

    /// Keys come days before they sign: nothing waits for these seconds.
    private func watchFiles(every interval: Duration = .seconds(2), sleep: (Duration) async throws -> Void) async {
        while true {
            do { try await sleep(interval) } catch { return }
            if ring.isStale { reload() }
            ring.sweep()
        }
    }

    private func report(_ reload: SigningKeyRing.Reload) {
        switch reload {
        case .unchanged: metrics.count(.signingKeyReloads, [("result", "unchanged")])
        case .replaced(let added, let gone, let needed):
            metrics.count(.signingKeyReloads, [("result", "replaced")])
            logger.notice(
                "signing keys reloaded",
                metadata: [
                    "added": "\(added.joined(separator: ", "))", "removed": "\(gone.joined(separator: ", "))",
                ])
            guard !needed.isEmpty else { return }
            logger.error(
                "the file of a signing key in use is gone; the key stays in memory until the next start",
                metadata: ["key_ids": "\(needed.joined(separator: ", "))"])
        case .failed(let cause):
            metrics.count(.signingKeyReloads, [("result", "failed")])
            logger.error("the signing keys were not reloaded; those in use stay", metadata: ["cause": "\(cause)"])
        }
    }
}

extension OwnIssuer {
    /// Sets the gauges that are read, not counted.
    func refreshGauges() {
        let states = ring.states
        metrics.setAll(
            .signingKeys,
            SigningKeyState.Stage.words.map { word in
                ([("state", word)], Double(states.filter { $0.stage.word == word }.count))
            })
        metrics.set(.signingKeysMissing, Double(states.filter { !$0.hasFile }.count))
        metrics.set(.mintingReady, states.contains { $0.stage == .signing } ? 1 : 0)
    }
}
