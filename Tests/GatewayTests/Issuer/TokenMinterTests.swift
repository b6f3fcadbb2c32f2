import ExchangeCore
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// What a minted token says, and that nobody can make it say more.
struct TokenMinterTests {
    private static let role = "arn:aws:iam::123456123456:role/deploy"

    private func minter(_ key: SigningKey = SigningKey(), at clock: ManualClock = ManualClock()) -> TokenMinter {
        TokenMinter(
            issuer: "https://ci.example.com/aws", now: clock.closure, signingKey: { () throws(Refusal) in key })
    }

    @Test func `says what AWS reads, and nothing else`() throws {
        let clock = ManualClock(Timestamp(seconds: 1_767_225_845, nanoseconds: 900_000_000))
        let key = SigningKey()
        let claims = FederationClaims(
            subject: "repo:octo-org/octo-repo:ref:refs/heads/main", audience: "sts.amazonaws.com",
            tags: [
                SessionTag(key: "Repo", value: "octo-org/octo-repo", isTransitive: true),
                SessionTag(key: "Event", value: "push", isTransitive: false),
            ], sourceIdentity: "octo-org.octo-repo.42", pinnedRole: RoleARN(parsing: Self.role))
        let minted = try minter(key, at: clock).mint(claims)
        let token = try OpenedToken(minted.token)
        #expect(token.header == ["alg": "ES256", "kid": .string(key.keyID), "typ": "JWT"])
        #expect(
            token.claims == [
                "iss": "https://ci.example.com/aws", "sub": "repo:octo-org/octo-repo:ref:refs/heads/main",
                "aud": "sts.amazonaws.com", "iat": 1_767_225_840, "exp": 1_767_225_905,
                "jti": .string(minted.tokenID),
                "https://aws.amazon.com/tags": [
                    "principal_tags": ["Repo": ["octo-org/octo-repo"], "Event": ["push"]],
                    "transitive_tag_keys": ["Repo"],
                ],
                "https://aws.amazon.com/source_identity": "octo-org.octo-repo.42", "roles": [.string(Self.role)],
            ])
        #expect(minted.keyID == key.keyID && minted.expiresAt == Timestamp(seconds: 1_767_225_905))
    }

    @Test func `leaves out what the rule does not send`() throws {
        let minted = try minter().mint(FederationClaims(subject: "s", audience: "a"))
        let names = try OpenedToken(minted.token).claims.members.map(\.name)
        #expect(names == ["iss", "sub", "aud", "iat", "exp", "jti"])
    }

    @Test func `no two tokens are the same`() throws {
        let minter = minter()
        let tokens = try (0..<1000).map { _ in try minter.mint(FederationClaims(subject: "s", audience: "a")).tokenID }
        #expect(Set(tokens).count == 1000 && tokens.allSatisfy { $0.utf8.count == 22 })
    }

    @Test func `every claim that it can make is in the discovery document's list`() throws {
        let claims = FederationClaims(
            subject: "s", audience: "a", tags: [SessionTag(key: "k", value: "v", isTransitive: false)],
            sourceIdentity: "id", pinnedRole: RoleARN(parsing: Self.role))
        let names = try OpenedToken(try minter().mint(claims).token).claims.members.map(\.name)
        #expect(names.sorted() == TokenMinter.claimNames.sorted())
    }

    @Test func `without a key that may sign there is no token`() {
        let minter = TokenMinter(
            issuer: "https://ci.example.com", now: ManualClock().closure,
            signingKey: { () throws(Refusal) in throw .issuerUnpublished(cause: "waits") })
        #expect(throws: Refusal.issuerUnpublished(cause: "waits")) {
            try minter.mint(FederationClaims(subject: "s", audience: "a"))
        }
    }

    /// Values that would close a string, an object or the token, and every kind of character between. Whatever they are, the
    /// strict reader finds the same members, once, with the very values.
    @Test func `no value adds, removes or changes another member`() throws {
        var random = SystemRandomNumberGenerator()
        let minter = minter()
        for _ in 0..<3000 {
            let keys = ["a", "b", "c"].prefix(Int.random(in: 0...3)).map { $0 + Self.hostileText(&random) }
            let claims = FederationClaims(
                subject: Self.hostileText(&random), audience: Self.hostileText(&random),
                tags: keys.map {
                    SessionTag(key: $0, value: Self.hostileText(&random), isTransitive: .random())
                }, sourceIdentity: Bool.random() ? Self.hostileText(&random) : nil)
            let read = try OpenedToken(try minter.mint(claims).token)
            let tags = read.claims["https://aws.amazon.com/tags"]?.object
            let expected =
                ["iss", "sub", "aud", "iat", "exp", "jti"] + (keys.isEmpty ? [] : ["https://aws.amazon.com/tags"])
                + (claims.sourceIdentity == nil ? [] : ["https://aws.amazon.com/source_identity"])
            // Not #expect in each round: it would cost more than the work.
            let isSame =
                read.claims.members.map(\.name) == expected && read.header.members.map(\.name) == ["alg", "kid", "typ"]
                && read.claims["sub"] == .string(claims.subject) && read.claims["aud"] == .string(claims.audience)
                && read.claims["https://aws.amazon.com/source_identity"] == claims.sourceIdentity.map(JSONValue.string)
                && tags?["principal_tags"]?.object?.members ?? []
                    == claims.tags.map { .init($0.key, [.string($0.value)]) }
                && tags?["transitive_tag_keys"]?.array ?? []
                    == claims.tags.filter(\.isTransitive).map { .string($0.key) }
            if !isSame { Issue.record("\(claims) became \(read.claims)") }
        }
    }

    private static func hostileText(_ random: inout SystemRandomNumberGenerator) -> String {
        let pieces = [
            "\"", "\\", "\",\"sub\":\"x", "\"}", "],\"roles\":[", "{", "}", "\u{0}", "\n", "\r", "\u{7F}", "\u{2028}",
            ".",
            "é", "e\u{301}", "\u{10FFFF}", "repo:octo", "https://aws.amazon.com/tags", " ", "\\u0022", "\t",
        ]
        return (0..<Int.random(in: 1...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }
}

/// The header and the claims of a compact token, read strictly.
struct OpenedToken {
    let header: JSONObject
    let claims: JSONObject

    init(_ token: Secret) throws {
        let parts = token.withBytes { [UInt8]($0) }.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        (header, claims) = (try Self.object(parts[0]), try Self.object(parts[1]))
    }

    private static func object(_ part: ArraySlice<UInt8>) throws -> JSONObject {
        let bytes = try #require(Base64URL.decode(part))
        return try #require(try JSONValue(parsing: bytes).object)
    }
}
