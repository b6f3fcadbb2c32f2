import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// Each spoilt token differs from the good one in what its name says, and in nothing else.
struct ProbeTokenTests {
    private static func good() throws -> (issuer: TestIssuer, text: String, token: ProbeToken) {
        let issuer = try TestIssuer.vela()
        let secret = try issuer.token(VelaClaims(at: ManualClock().now).members)
        return (issuer, STSSamples.text(of: secret), try ProbeToken(parsing: secret))
    }

    /// A token's three parts, decoded.
    private struct Parts {
        let texts: [String]
        let header: JSONObject
        let payload: JSONObject
        let signature: [UInt8]

        init(_ text: String) throws {
            texts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            try #require(texts.count == 3)
            let bytes = try texts.map { try #require(Base64URL.decode(Array($0.utf8))) }
            header = try #require(try JSONValue(parsing: bytes[0]).object)
            payload = try #require(try JSONValue(parsing: bytes[1]).object)
            signature = bytes[2]
        }

        init(_ secret: Secret) throws { try self.init(STSSamples.text(of: secret)) }
    }

    @Test func `sends a good token as it was given`() throws {
        let (_, text, token) = try Self.good()
        #expect(STSSamples.text(of: token.text) == text)
    }

    @Test func `a changed signature differs in its last bit`() throws {
        let (_, text, token) = try Self.good()
        let (before, after) = (try Parts(text), try Parts(token.withChangedSignature))
        #expect(after.texts.prefix(2) == before.texts.prefix(2))
        #expect(
            after.signature.count == before.signature.count && after.signature.dropLast() == before.signature.dropLast()
        )
        #expect(try #require(after.signature.last) ^ #require(before.signature.last) == 1)
    }

    @Test func `a changed payload lives longer under the same header and signature`() throws {
        let (_, text, token) = try Self.good()
        let (before, after) = (try Parts(text), try Parts(token.withChangedPayload))
        #expect(after.texts[0] == before.texts[0] && after.texts[2] == before.texts[2])
        let end = try #require(before.payload["exp"]?.integer)
        #expect(after.payload["exp"]?.integer == end + 3600)
        var undone = after.payload
        undone["exp"] = before.payload["exp"]
        #expect(undone == before.payload)
    }

    @Test func `an unsigned token says none, has the same claims and an empty signature`() throws {
        let (_, text, token) = try Self.good()
        let (before, after) = (try Parts(text), try Parts(token.unsigned))
        #expect(after.texts[1] == before.texts[1] && after.texts[2].isEmpty)
        var undone = after.header
        #expect(undone["alg"] == "none")
        undone["alg"] = before.header["alg"]
        #expect(undone == before.header)
    }

    @Test func `a foreign token differs in its issuer`() throws {
        let (issuer, text, token) = try Self.good()
        let (before, after) = (try Parts(text), try Parts(token.with(issuer: issuer.url + "/x")))
        #expect(after.texts[0] == before.texts[0] && after.texts[2] == before.texts[2])
        #expect(after.payload["iss"] == .string(issuer.url + "/x"))
        var undone = after.payload
        undone["iss"] = before.payload["iss"]
        #expect(undone == before.payload)
    }

    @Test(arguments: [
        "", "CANARY", "CANARY.CANARY", "a.b.c.d", "e30.e30.", "e30.bm90IGpzb24.AAAA", "W10.e30.AAAA", "e30.e30.A",
    ])
    func `what is no token is refused without being quoted`(text: String) throws {
        let error = #expect(throws: StartFailure.self) { try ProbeToken(parsing: Secret(text)) }
        let words = try #require(error?.description)
        #expect(words.contains("three parts") && !words.contains("CANARY"))
    }
}
