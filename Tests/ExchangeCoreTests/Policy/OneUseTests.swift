import StrictJSON
import TestSupport
import Testing

@testable import ExchangeCore

/// Which tokens count once, and by which fronts.
@Suite struct OneUseTests {
    /// Two issuers, the first with `issuer` among its members, and one rule for pushes with `rule` among its own.
    private static func policy(issuer: String = "", rule: String = "", also: String = "") throws -> PolicySet {
        let issuers = PolicySet.twoIssuers.replacing(#""claims": "vela""#, with: #""claims": "vela"\#(issuer)"#)
        let rules = """
            [{"name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}},
              "roles": ["arn:aws:iam::123456123456:role/test"]\(rule)}\(also)]
            """
        let source = try PolicySource(#"{"version": 1, "issuers": \#(issuers), "rules": \#(rules)}"#)
        return try PolicyCompiler.compile([source], at: .loading)
    }

    private static let credentialsOnly = #", "one_use": {"fronts": ["credentials"]}"#

    private static func ruling(_ policy: PolicySet, by front: Front = .credentials) throws -> Ruling {
        var request = try ExchangeRequest.role()
        request.front = front
        return try policy.ruling(on: try .push(), from: "vela", asking: request, at: .loading)
    }

    @Test func `a token counts as often as it comes unless the rule or its issuer says otherwise`() throws {
        #expect(try !Self.ruling(Self.policy()).isOneUse)
        #expect(try Self.ruling(Self.policy(rule: Self.credentialsOnly)).isOneUse)
        #expect(try Self.ruling(Self.policy(issuer: Self.credentialsOnly)).isOneUse)
    }

    @Test(arguments: [Front.sts, .container])
    func `by a front that the rule does not name nothing is given`(front: Front) throws {
        for policy in try [Self.policy(rule: Self.credentialsOnly), Self.policy(issuer: Self.credentialsOnly)] {
            #expect(throws: Refusal.frontNotAllowed(rule: "one", allowed: [.credentials])) {
                try Self.ruling(policy, by: front)
            }
        }
        #expect(try !Self.ruling(Self.policy(), by: front).isOneUse)
    }

    @Test func `a rule's own fronts win over its issuer's, and both count once`() throws {
        let policy = try Self.policy(
            issuer: Self.credentialsOnly, rule: #", "one_use": {"fronts": ["sts", "container"]}"#)
        #expect(try Self.ruling(policy, by: .sts).isOneUse && Self.ruling(policy, by: .container).isOneUse)
        #expect(throws: Refusal.frontNotAllowed(rule: "one", allowed: [.sts, .container])) { try Self.ruling(policy) }
    }

    @Test func `a later rule gives what this one refuses a front, and lint says so`() throws {
        let also = """
            , {"name": "two", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}},
               "roles": ["arn:aws:iam::123456123456:role/test"]}
            """
        let policy = try Self.policy(rule: Self.credentialsOnly, also: also)
        #expect(try Self.ruling(policy).rule == "one")
        let later = try Self.ruling(policy, by: .sts)
        #expect(later.rule == "two" && !later.isOneUse)
        let laxer = policy.lint(at: .loading).filter { $0.kind == .laxerLaterRule }
        #expect(laxer.count == 1 && laxer.first?.description.contains("more than one use of a token") == true)
        #expect(policy.lint(at: .loading).allSatisfy { $0.kind != .shadowedRule })
    }

    @Test func `a policy with such a rule names it, for gateways that note no used tokens`() throws {
        #expect(try Self.policy().faultOfOneUse("set it") == nil)
        let fault = try #require(try Self.policy(rule: Self.credentialsOnly).faultOfOneUse("set it"))
        #expect(fault.rule == "one" && fault.message == "set it" && fault.line != nil)
    }

    @Test func `a reload that takes tokens again and again, or by more fronts, loses a bound`() throws {
        let once = try Self.policy(rule: Self.credentialsOnly)
        let loss = [PolicyLoss(kind: .oneUse, rule: "one")]
        #expect(try once.losses(to: Self.policy()) == loss)
        #expect(try once.losses(to: Self.policy(rule: #", "one_use": {"fronts": ["credentials", "sts"]}"#)) == loss)
        #expect(once.losses(to: once).isEmpty)
        #expect(try Self.policy().losses(to: once).isEmpty)
    }
}
