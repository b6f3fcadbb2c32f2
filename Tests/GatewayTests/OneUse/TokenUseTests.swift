import StrictJSON
import Testing

@testable import Gateway

/// Under which keys a use is noted.
struct TokenUseTests {
    private static func use(
        issuer: String = "https://a.example.com", signed: String = "ab", jti: String? = "j", id: String = "1"
    ) -> TokenUse {
        TokenUse(
            issuer: issuer, signedDigest: signed, tokenID: jti, expiresAt: Timestamp(seconds: 1000), id: id)
    }

    @Test func `what was signed and the jti are noted, each with the issuer`() {
        let use = Self.use()
        #expect(use.keys.count == 2 && Set(use.keys).count == 2)
        #expect(use.keys.allSatisfy { $0.utf8.count == 64 })
        #expect(Self.use(signed: "cd").keys[1] == use.keys[1] && Self.use(signed: "cd").keys[0] != use.keys[0])
        #expect(Self.use(jti: "k").keys[0] == use.keys[0] && Self.use(jti: "k").keys[1] != use.keys[1])
        #expect(Set(Self.use(issuer: "https://b.example.com").keys).isDisjoint(with: use.keys))
        #expect(Self.use(jti: nil).keys == [use.keys[0]])
        // A jti that is written like a digest is still another thing.
        #expect(!use.keys.contains(Self.use(signed: "j", jti: nil).keys[0]))
    }

    @Test func `it is noted until no clock takes the token any more`() {
        #expect(Self.use().endsAt == Timestamp(seconds: 1060))
    }
}
