import ExchangeCore
import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// What is published, what must stay published, and what a look at the public URL does.
struct PublicationTests {
    private static let url = "https://ci.example.com/aws"
    private let clock = ManualClock()
    private let keys: KeyFolder
    private let web = FakeKeyFetch()
    private let log = LineCollector()

    init() throws { keys = try KeyFolder() }

    private func issuer() throws -> OwnIssuer {
        let settings = IssuerSettings(url: try OwnIssuerURL(parsing: Self.url), keys: keys.files)
        return try OwnIssuer(
            settings,
            OwnIssuer.Surroundings(
                fetch: web.closure, metrics: GatewayMetrics(), logger: log.logger(), now: clock.closure))
    }

    private func serve(_ documents: IssuerDocuments) async {
        await web.serve(documents.discovery, at: Self.url + "/.well-known/openid-configuration")
        await web.serve(documents.keySet, at: Self.url + "/.well-known/jwks.json")
    }

    @Test func `the documents say what is true and no more`() throws {
        let old = try keys.add(madeAt: clock.now + .seconds(-200_000))
        let young = try keys.add(try SigningKey(for: .rs256), madeAt: clock.now)
        let documents = try issuer().documents
        #expect(
            try JSONValue(parsing: documents.discovery) == [
                "issuer": .string(Self.url), "jwks_uri": .string(Self.url + "/.well-known/jwks.json"),
                "response_types_supported": ["id_token"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256", "RS256"],
                "claims_supported": .array(TokenMinter.claimNames.map(JSONValue.string)),
            ])
        let members = try #require(try JSONValue(parsing: documents.keySet).object?["keys"]?.array)
        #expect(members.map { $0.object?["kid"]?.string } == [old.key.keyID, young.key.keyID])
        let secrets = ["d", "p", "q", "dp", "dq", "qi", "k"]
        #expect(members.allSatisfy { member in secrets.allSatisfy { member.object?[$0] == nil } })
    }

    @Test func `a look finds the keys, and minting begins`() async throws {
        try keys.add(madeAt: clock.now, atOnce: true)
        let issuer = try issuer()
        let claims = FederationClaims(subject: "s", audience: "a")
        await issuer.publication.look()
        #expect(throws: Refusal.self) { try issuer.minter.mint(claims) }
        guard case .failed = issuer.publication.result else {
            Issue.record("\(issuer.publication.result)")
            return
        }
        await serve(issuer.documents)
        await issuer.publication.look()
        #expect(issuer.publication.result == .complete)
        #expect(throws: Never.self) { try issuer.minter.mint(claims) }
        // The URL's outage is not ours: AWS may well have the keys.
        await web.fail("down")
        await issuer.publication.look()
        #expect(throws: Never.self) { try issuer.minter.mint(claims) }
    }

    @Test func `a discovery document of another issuer counts for nothing`() async throws {
        try keys.add(madeAt: clock.now, atOnce: true)
        let issuer = try issuer()
        let other = IssuerDocuments(
            issuer: try OwnIssuerURL(parsing: "https://ci.example.com"), publicKeys: issuer.ring.publicKeys)
        await serve(IssuerDocuments(issuer: other.issuer, publicKeys: other.publicKeys))
        await issuer.publication.look()
        #expect(throws: Refusal.self) { try issuer.minter.mint(FederationClaims(subject: "s", audience: "a")) }
    }

    @Test func `is patient while all is found, and looks often while something is missing`() async throws {
        try keys.add(madeAt: clock.now, atOnce: true)
        let issuer = try issuer()
        await serve(issuer.documents)
        #expect(await looks(of: issuer, seconds: 121) == 3)
        try keys.add(madeAt: clock.now)
        issuer.reload()
        await serve(IssuerDocuments(issuer: issuer.url, publicKeys: []))
        #expect(await looks(of: issuer, seconds: 121) > 20)
    }

    /// How often the key set is asked for while the clock goes on for so many seconds.
    private func looks(of issuer: OwnIssuer, seconds: Int) async -> Int {
        let before = await web.requests.count
        var left = seconds
        await issuer.publication.watch(sleep: { interval in
            left -= 1
            guard left > 0 else { throw CancellationError() }
            clock.advance(by: interval)
        })
        return (await web.requests.count - before) / 2
    }

    @Test func `a key that may be needed is not left out, unless it is named`() throws {
        let old = try keys.add(madeAt: clock.now + .seconds(-500_000))
        let young = try keys.add(madeAt: clock.now + .seconds(-90_000))
        let published = try set([old, young])
        let ring = RingState([young], publishAhead: .seconds(86_400))
        func plan(_ withdrawn: [String], at moment: Timestamp) throws -> PublicationPlan {
            try PublicationPlan(ring: ring, withdrawn: withdrawn, published: published, at: moment)
        }
        let fault = #expect(throws: StartFailure.self) { try plan([], at: clock.now) }
        #expect(fault?.description.contains("--withdraw \(old.key.keyID)") == true)
        #expect(try plan([old.key.keyID], at: clock.now).publicKeys == [young.key.publicKey])
        // A day after the young one began, nothing that the old one signed lives.
        let later = young.name.madeAt + .seconds(2 * 86_400)
        #expect(throws: StartFailure.self) { try plan([], at: later + .seconds(-1)) }
        #expect(try plan([], at: later).left == [old.key.keyID])
        #expect(throws: StartFailure.self) { try plan(["unknown"], at: later) }
        #expect(throws: StartFailure.self) { try plan([young.key.keyID], at: later) }
    }

    @Test func `the files are whole, and read back`() throws {
        let known = try keys.add(madeAt: clock.now, atOnce: true)
        let folder = try TemporaryFolder()
        let published = PublishedFolder(path: folder.file("site"))
        #expect(try published.keySet()?.count == nil)
        try published.write(try issuer().documents)
        #expect(try published.keySet()?.keyIDs == [known.key.keyID])
        #expect(try published.keySet()?.holds(known.key.publicKey) == true)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("site/.well-known"))
        #expect(names.sorted() == ["jwks.json", "openid-configuration"])
        try folder.write("no set", to: "site/.well-known/jwks.json")
        #expect(throws: StartFailure.self) { try published.keySet() }
    }

    private func set(_ keys: [KnownKey]) throws -> KeySet {
        let members = keys.map { JSONValue.object($0.key.publicKey) }
        return try KeySet(parsing: JSONValue.object(["keys": .array(members)]).bytes)
    }
}
