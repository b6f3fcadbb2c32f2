import StrictJSON
import Testing

@testable import ExchangeCore

/// Trust policies and revocations of rules that say themselves that they are in issuer mode.
@Suite struct IssuerRuleTrustTests {
    private static let gateway = "https://issuer.example.com/vela"

    private static func issuer(_ name: String) -> String {
        """
        {"name": "\(name)", "url": "https://\(name).example.com/_services/token", "audiences": ["vela-aws-gateway"],
         "claims": "vela"}
        """
    }

    /// A policy with one rule in issuer mode, and `others` whose issuer is `second`.
    private static func policy(
        _ more: String = "", sessionName: String? = "{repo_org}.{repo_name}-{build_number}", others: [String] = []
    ) throws -> PolicySet {
        let rule = String.rule(sessionName: sessionName, more: #", "federation": "issuer""# + more)
        let issuers = others.isEmpty ? [issuer("vela")] : [issuer("vela"), issuer("second")]
        let text = """
            {"version": 1, "issuers": [\(issuers.joined(separator: ", "))],
             "rules": [\(([rule] + others).joined(separator: ", "))]}
            """
        return try PolicyCompiler.compile([try PolicySource(text)], at: .loading)
    }

    private static func statement(_ policy: PolicySet) throws -> String {
        let trust = try policy.trustPolicy(forRule: "one", on: TrustTerms(gateway: gateway))
        let findings = try RoleTrust.all(in: trust.document.bytes).flatMap {
            $0.lint(
                expecting: TrustExpectations(
                    issuers: [], gateway: gateway, role: RoleARN(parsing: .role), extras: policy.mintedExtras(for: nil))
            )
        }
        #expect(findings == [], "\(findings.map(\.description))")
        return String(decoding: trust.document.bytes, as: UTF8.self)
    }

    @Test func `the rule says the mode, the subject, and what the role must take`() throws {
        let plain = try Self.statement(try Self.policy())
        #expect(plain.contains("oidc-provider/issuer.example.com/vela"))
        #expect(plain.contains(#""Action":"sts:AssumeRoleWithWebIdentity""#))
        #expect(plain.contains(#":aud":"sts.amazonaws.com""#))
        #expect(plain.contains(#""repo:octo-org/octo-repo:ref:*:event:push""#))
        let tags = try Self.statement(try Self.policy(#", "tags": {"Repo": "{repo}"}"#))
        #expect(tags.contains(#""Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"]"#))
        let identity = try Self.statement(
            try Self.policy(#", "source_identity": "{repo_org}.{repo_name}.{build_number}""#))
        #expect(identity.contains(#""Action":["sts:AssumeRoleWithWebIdentity","sts:SetSourceIdentity"]"#))
    }

    @Test func `with several issuers in issuer mode the subject begins with the issuer`() throws {
        let second = String.rule(
            "two", roles: ["arn:aws:iam::123456123456:role/two"], issuer: "second", more: #", "federation": "issuer""#)
        let text = try Self.statement(try Self.policy(others: [second]))
        #expect(text.contains(#""vela:repo:octo-org/octo-repo:ref:*:event:push""#))
    }

    @Test func `a subject of its own is written as the template makes it`() throws {
        let text = try Self.statement(try Self.policy(#", "subject": "ci*:{issuer}:{sub}""#))
        #expect(text.contains(#""ci${*}:vela:repo:octo-org/octo-repo:ref:*:event:push""#))
        let policy = try Self.policy(#", "subject": "builds/{repo}""#)
        let fault = #expect(throws: RuleTrustFault.self) { _ = try Self.statement(policy) }
        #expect(fault?.description.contains("--subject") ?? false)
    }

    @Test func `without the gateway's issuer nothing is written`() throws {
        let policy = try Self.policy()
        let fault = #expect(throws: RuleTrustFault.self) {
            _ = try policy.trustPolicy(forRule: "one", on: TrustTerms())
        }
        #expect(fault?.description.contains("--gateway-issuer") ?? false)
    }

    @Test func `what the tokens carry is asked for the role`() throws {
        let policy = try Self.policy(#", "tags": {"Repo": "{repo}"}"#)
        let tags = MintedExtras(holdsTags: true, holdsSourceIdentity: false)
        #expect(policy.mintedExtras(for: nil) == tags)
        let role = try #require(RoleARN(parsing: String.role))
        #expect(policy.mintedExtras(for: role) == tags)
        let stranger = try #require(RoleARN(parsing: "arn:aws:iam::123456123456:role/other"))
        #expect(policy.mintedExtras(for: stranger) == MintedExtras())
    }

    @Test func `sessions are told by source identity, tag and name, each by itself`() throws {
        let repository = try #require(Repository(parsing: "octo-org/octo-repo"))
        let more =
            #", "source_identity": "{repo_org}.{repo_name}.{build_number}", "tags": {"Repo": "{repo}", "Event": "{event}"}"#
        let policy = try Self.policy(more)
        let whole = try policy.revocation(of: repository, build: nil, issuedBefore: .loading)
        #expect(
            whole.conditions == [
                #"{"StringLike":{"aws:SourceIdentity":"octo-org.octo-repo.*"}}"#,
                #"{"StringEquals":{"aws:PrincipalTag/Repo":"octo-org/octo-repo"}}"#,
                #"{"StringLike":{"aws:userid":"*:octo-org.octo-repo-*"}}"#,
            ])
        #expect(whole.gaps == [])
        let build = try policy.revocation(of: repository, build: "42", issuedBefore: .loading)
        #expect(
            build.conditions == [
                #"{"StringLike":{"aws:SourceIdentity":["octo-org.octo-repo.42","octo-org.octo-repo.42=*"]}}"#,
                #"{"StringLike":{"aws:userid":["*:octo-org.octo-repo-42","*:octo-org.octo-repo-42=*"]}}"#,
            ])
        let nameless = try Self.policy(#", "source_identity": "{repo_org}.{repo_name}""#, sessionName: nil)
        #expect(try nameless.revocation(of: repository, build: nil, issuedBefore: .loading).gaps == [])
        #expect(try nameless.revocation(of: repository, build: "42", issuedBefore: .loading).gaps.count == 1)
    }
}

extension Revocation {
    /// Of each statement, its condition without the moment.
    fileprivate var conditions: [String] {
        (document?.object?["Statement"]?.array ?? []).map { statement in
            var condition = statement.object?["Condition"]?.object ?? JSONObject()
            condition["DateLessThan"] = nil
            return String(decoding: JSONValue.object(condition).bytes, as: UTF8.self)
        }
    }
}
