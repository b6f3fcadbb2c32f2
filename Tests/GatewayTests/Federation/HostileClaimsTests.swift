import ExchangeCore
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// Whatever stands in a verified token, the gateway's own says what the rule says: no tag, source identity, subject or header by the
/// grace of a claim.
struct HostileClaimsTests {
    /// A rule that takes every kind of template, from claims that whoever pushes may choose.
    private static let policy = """
        {"version": 1,
         "issuers": [{"name": "vela", "url": "https://vela.example.com", "audiences": ["vela-aws-gateway"], "claims": "generic"}],
         "rules": [{"name": "one", "issuer": "vela", "federation": "issuer",
           "condition": {"StringEquals": {"aud": "vela-aws-gateway"}}, "roles": ["\(GatewayPlan.role)"],
           "subject": "{issuer}:repo:{org}:ref:{ref}", "source_identity": "{org}.{number}",
           "tags": {"Ref": "{ref}", "Both": {"value": "{org}/{number}", "transitive": true}, "Fixed": "prod"}}]}
        """

    /// Pieces of JSON, of templates, of our separators and of AWS's claims, and what encodings trip over.
    private static let pieces = [
        "a", "octo-org", "7", "main", ":", ":ref:", "/", ".", "-", "=", " ", "+", "@", "_", "{ref}", "{issuer}", "\"",
        "\\", "\",\"", "\n",
        "\r\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "\u{85}", "\u{2028}", "\u{202E}", "é", "e\u{301}", "名", "😀",
        "\u{FEFF}", "\"]}", "}}", "{}",
        "\"},\"https://aws.amazon.com/source_identity\":\"root", "https://aws.amazon.com/tags", "principal_tags", "%22",
        "\\u0022",
        "repo:other:ref:main", "aws:", "sts.amazonaws.com", "*", "?", "${aws:username}", "<", "&", "'", ";",
        String(repeating: "x", count: 250),
    ]

    @Test func `nothing of the caller's token gets into the gateway's but by the rule`() throws {
        let source = try YAMLReader.read(Array(Self.policy.utf8), file: "policy.yaml")
        let policy = try PolicyCompiler.compile([source], at: ManualClock().now)
        let key = SigningKey()
        let minter = TokenMinter(
            issuer: GatewayPlan.ownIssuer, now: ManualClock().closure, signingKey: { () throws(Refusal) in key })
        let request = ExchangeRequest(role: try #require(RoleARN(parsing: GatewayPlan.role)))
        var dice = Dice(state: 20_261_125)
        var (granted, refused) = (0, 0)
        var callers: [String: [String]] = [:]
        for _ in 0..<4000 {
            let values = (0..<3).map { _ in dice.text(of: Self.pieces) }
            let claims = Self.claims(values, extra: dice.text(of: Self.pieces))
            let ruling: Ruling
            do throws(Refusal) {
                ruling = try policy.ruling(on: claims, from: "vela", asking: request, at: ManualClock().now)
            } catch {
                guard case .policyDenied("one", _) = error else { throw error }
                refused += 1
                continue
            }
            granted += 1
            let token = try OpenedToken(try minter.mint(try #require(ruling.federation.claims)).token)
            try Self.check(token, key, values)
            // Nobody else's values give this subject, these tags or this source identity.
            let identity = try #require(token.claims["https://aws.amazon.com/source_identity"]?.string)
            let subject = try #require(token.claims["sub"]?.string)
            for (name, own) in [
                ("sub " + subject, [values[0], values[1]]), ("id " + identity, [values[0], values[2]]),
            ] {
                #expect(callers.updateValue(own, forKey: name) ?? own == own, "\(name) stands for two callers")
            }
        }
        // A test that grants nothing, or refuses nothing, would show nothing.
        #expect(granted > 200 && refused > 200, "\(granted) granted, \(refused) refused")
    }

    /// `extra` is a claim that no template names.
    private static func claims(_ values: [String], extra: String) -> Claims {
        Claims(members: [
            "sub": .string(extra), "aud": "vela-aws-gateway", "org": .string(values[0]), "ref": .string(values[1]),
            "number": .string(values[2]), "roles": [.string(extra)], "kid": .string(extra),
        ])
    }

    private static func check(_ token: OpenedToken, _ key: SigningKey, _ values: [String]) throws {
        #expect(token.header == ["alg": "ES256", "kid": .string(key.keyID), "typ": "JWT"])
        var claims = token.claims
        #expect(claims["jti"]?.string?.utf8.count == 22)
        let identity = try #require(claims["https://aws.amazon.com/source_identity"]?.string)
        #expect((2...64).contains(identity.utf8.count))
        #expect(identity.utf8.allSatisfy { "+=,.@_-".utf8.contains($0) || UInt8(ascii: "0")...UInt8(ascii: "z") ~= $0 })
        for name in ["jti", "iat", "exp", "https://aws.amazon.com/source_identity"] { claims[name] = nil }
        let tags: JSONObject = [
            "Ref": [.string(values[1])], "Both": [.string(values[0] + "/" + values[2])], "Fixed": ["prod"],
        ]
        #expect(
            claims == [
                "iss": .string(GatewayPlan.ownIssuer), "sub": .string("vela:repo:\(values[0]):ref:\(values[1])"),
                "aud": "sts.amazonaws.com",
                "https://aws.amazon.com/tags": ["principal_tags": .object(tags), "transitive_tag_keys": ["Both"]],
            ])
    }
}

/// The same numbers at each run (SplitMix64), so that a find can be had again.
private struct Dice {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(bound))
    }

    /// Mostly tame, or hardly anything would be granted.
    mutating func text(of pieces: [String]) -> String {
        let limit = next(below: 4) == 0 ? pieces.count : 18
        return (0..<(next(below: 20) == 0 ? 0 : 1 + next(below: 3))).map { _ in pieces[next(below: limit)] }.joined()
    }
}
