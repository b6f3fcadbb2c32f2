import StrictJSON
import Testing

@testable import ClientCLI

@Suite struct IDTokenTests {
    private func token(_ claims: String) -> String { "e30.\(Base64URL.encode(Array(claims.utf8))).c2ln" }

    @Test(arguments: [
        (#"{"iat":100,"exp":700}"#, 600), (#"{"iat":100,"exp":100}"#, 0), (#"{"iat":100,"exp":50}"#, 0),
        (#"{"exp":700}"#, 300), (#"{"iat":"100","exp":700}"#, 300), ("[]", 300), ("{", 300),
        (#"{"iat":-9223372036854775808,"exp":9223372036854775807}"#, 300), (#"{"iat":0,"exp":99999999}"#, 86_400),
    ])
    func `reads the life that a token says`(claims: String, seconds: Int) {
        #expect(IDToken.life(token(claims)) == .seconds(seconds))
    }

    @Test(arguments: ["id.token.0", "abcd", "a.b", "e30.*.x"])
    func `takes Vela's five minutes for a token that says nothing`(text: String) {
        #expect(IDToken.life(text) == .seconds(300))
    }

    @Test(arguments: [(300, 150), (60, 30), (50, 20), (31, 1), (30, 0), (10, 0), (0, 0)])
    func `uses half of a life and nothing of its last 30 seconds`(life: Int, useful: Int) {
        #expect(IDToken.usefulTime(ofLife: .seconds(life)) == .seconds(useful))
    }

    @Test func `is fresh when it was fetched, if it lives long enough`() throws {
        #expect(try #require(IDToken(token(#"{"iat":0,"exp":300}"#))).isFresh)
        #expect(try !#require(IDToken(token(#"{"iat":0,"exp":30}"#))).isFresh)
    }

    @Test(arguments: ["", "a.b", "a b.c", "a\r\nb.c", String(repeating: "a", count: 20_001)])
    func `takes nothing that cannot be a token`(text: String) {
        #expect(IDToken(text) == nil)
    }
}
