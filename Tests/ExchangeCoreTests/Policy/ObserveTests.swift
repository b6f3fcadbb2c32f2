import StrictJSON
import Testing

@testable import ExchangeCore

/// Rules under observation.
@Suite struct ObserveTests {
    private static let during = Timestamp.loading + .seconds(3600)
    private static let after = Timestamp.loading + .seconds(20 * 86_400)

    private static func policy(allow: String = "", deny: String = "") throws -> PolicySet {
        try .rules(
            """
            [{"name": "watched", "issuer": "vela", "condition": {"StringEquals": {"event": "tag"}},
              "roles": ["arn:aws:iam::123456123456:role/test"], "max_duration": "30m"\(allow)},
             {"name": "forced", "issuer": "vela", "condition": {"StringEquals": {"branch": "dev"}},
              "roles": ["arn:aws:iam::123456123456:role/test"]},
             {"name": "shut", "effect": "deny", "issuer": "vela", "condition": {"StringEquals": {"actor": "octo-cat"}}\(deny)}]
            """)
    }

    private static let until = #", "observe": {"until": "2026-01-15"}"#

    private func ruling(_ policy: PolicySet, _ claims: Claims, at now: Timestamp, seconds: Int64? = nil) throws
        -> Ruling
    {
        try policy.ruling(on: claims, from: "vela", asking: .role(seconds: seconds), at: now)
    }

    @Test func `an allow under observation gives what its condition would refuse, and says so`() throws {
        let policy = try Self.policy(allow: Self.until, deny: #", "roles": ["arn:aws:iam::123456123456:role/x"]"#)
        let ruling = try ruling(policy, .push(), at: Self.during)
        #expect(ruling.rule == "watched")
        let detail = "StringEquals event: the claim has another value"
        #expect(ruling.observations == [Observation(rule: "watched", effect: .allow, detail: detail)])
        #expect(throws: Refusal.self) { try self.ruling(policy, .push(), at: Self.after) }
        #expect(try self.ruling(policy, .push(#"{"event": "tag"}"#), at: Self.during).observations.isEmpty)
    }

    @Test func `only the condition is relaxed`() throws {
        let policy = try Self.policy(allow: Self.until, deny: #", "roles": ["arn:aws:iam::123456123456:role/x"]"#)
        #expect(throws: Refusal.self) { try self.ruling(policy, .push(), at: Self.during, seconds: 3600) }
        #expect(policy.answer(try .push(), asking: try .role("other"), at: Self.during) == "denied -")
        #expect(policy.answer(try .push(), from: "generic", asking: try .role(), at: Self.during) == "denied -")
    }

    @Test func `a rule in force comes before one under observation`() throws {
        let policy = try Self.policy(allow: Self.until, deny: #", "roles": ["arn:aws:iam::123456123456:role/x"]"#)
        let ruling = try ruling(policy, .push(#"{"branch": "dev"}"#), at: Self.during)
        #expect(ruling.rule == "forced" && ruling.observations.isEmpty)
    }

    @Test func `a deny under observation counts only, and then binds`() throws {
        let policy = try Self.policy(deny: Self.until)
        let claims = try Claims.push(#"{"event": "tag"}"#)
        let ruling = try ruling(policy, claims, at: Self.during)
        #expect(ruling.observations == [Observation(rule: "shut", effect: .deny, detail: "would have denied")])
        #expect(policy.answer(claims, asking: try .role(), at: Self.after) == "denied shut")
        #expect(try Self.policy().answer(claims, asking: try .role(), at: Self.during) == "denied shut")
    }

    @Test(arguments: [
        ("2026-01-31", true), ("2026-01-31T00:00:00Z", true), ("2026-01-31T00:00:01Z", false), ("2026-02-01", false),
        ("2025-12-01", true), ("tomorrow", false), ("", false),
    ])
    func `nothing is observed for longer than 30 days`(_ until: String, _ isTaken: Bool) throws {
        let make = { try Self.policy(allow: #", "observe": {"until": "\#(until)"}"#) }
        if isTaken { _ = try make() } else { #expect(throws: PolicyFaults.self) { try make() } }
    }
}
