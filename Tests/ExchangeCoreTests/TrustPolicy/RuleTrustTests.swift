import StrictJSON
import Testing

@testable import ExchangeCore

@Suite struct RuleTrustTests {
    private static let pinned = NetworkWay(sourceIPs: ["203.0.113.7/32"])
    private static let gateway = "https://issuer.example.com/vela"

    /// The trust policy of the only rule, with that condition.
    private static func trust(
        _ condition: String = .soundCondition, roles: [String] = [.role], issuers: String = .velaAlone,
        _ terms: TrustTerms = TrustTerms(mode: .forward, way: pinned)
    ) throws -> RuleTrust {
        let text = String.policy(.rule(condition: condition, roles: roles), issuers: issuers)
        return try PolicyCompiler.compile([try PolicySource(text)], at: .loading).trustPolicy(forRule: "one", on: terms)
    }

    private static func subjects(_ condition: String) throws -> [String] {
        let statement = try trust(condition).document.object?["Statement"]?.array?.first?.object
        let value = statement?["Condition"]?.object?["StringLike"]?.object?["vela.example.com/_services/token:sub"]
        return value?.oneOrMany.compactMap(\.string) ?? []
    }

    @Test(arguments: [
        (#"{"StringLike": {"sub": "repo:octo-org/octo-repo:*"}}"#, ["repo:octo-org/octo-repo:*"]),
        (#"{"StringEquals": {"repo": "octo-org/octo-repo"}}"#, ["repo:octo-org/octo-repo:*"]),
        (#"{"StringEquals": {"repo_org": "octo-org"}}"#, ["repo:octo-org/*:*"]),
        (
            #"{"StringEquals": {"repo": "octo-org/octo-repo", "event": ["push", "tag"]}}"#,
            ["repo:octo-org/octo-repo:ref:*:event:push", "repo:octo-org/octo-repo:ref:*:event:tag"]
        ),
        (
            #"{"StringEquals": {"repo": "octo-org/octo-repo", "event": "push", "ref": "refs/heads/main"}}"#,
            ["repo:octo-org/octo-repo:ref:refs/heads/main:event:push"]
        ),
        (
            #"{"StringLike": {"sub": "repo:octo-org/octo-repo:*"}, "StringEquals": {"event": "push"}}"#,
            ["repo:octo-org/octo-repo:ref:*:event:push"]
        ),
        (
            #"{"StringLike": {"sub": "repo:octo-org/octo-repo:ref:refs/heads/*"}, "StringEquals": {"event": "push"}}"#,
            ["repo:octo-org/octo-repo:ref:refs/heads/*"]
        ),
        (
            #"{"StringLike": {"event": "pull_request:*"}, "StringEquals": {"repo": "octo-org/octo-repo"}}"#,
            ["repo:octo-org/octo-repo:ref:*:event:pull_request"]
        ),
        (
            #"{"StringEquals": {"sub": ["repo:a/b:ref:refs/heads/x:event:push", "repo:a/c:ref:refs/heads/x:event:push"]}}"#,
            ["repo:a/b:ref:refs/heads/x:event:push", "repo:a/c:ref:refs/heads/x:event:push"]
        ),
        (#"{"StringLike": {"sub": ["repo:a/b:*", "repo:a/*"]}}"#, ["repo:a/*"]),
    ]) func `takes sub from the rule's condition, as narrow as AWS can test it`(
        _ condition: String, _ expected: [String]
    ) throws {
        #expect(try Self.subjects(condition) == expected)
    }

    @Test(arguments: [
        (#"{"StringEquals": {"event": "push"}}"#, "takes any organisation's"),
        (#"{"StringLike": {"repo": "octo*"}}"#, "takes any organisation's"),
        (#"{"StringEquals": {"custom_properties.team": "infra"}}"#, "takes any organisation's"),
    ]) func `writes nothing that lets another organisation in`(_ condition: String, _ words: String) {
        let fault = #expect(throws: RuleTrustFault.self) { _ = try Self.trust(condition) }
        #expect(fault?.description.contains(words) ?? false, "\(fault?.description ?? "")")
    }

    @Test func `in forward mode it trusts Vela's issuer, by the way that was named`() throws {
        let document = try Self.trust().document
        #expect(
            String(decoding: document.bytes, as: UTF8.self) == """
                {"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow",\
                "Principal":{"Federated":"arn:aws:iam::123456123456:oidc-provider/vela.example.com/_services/token"},\
                "Action":"sts:AssumeRoleWithWebIdentity",\
                "Condition":{"StringEquals":{"vela.example.com/_services/token:aud":"sts.amazonaws.com"},\
                "StringLike":{"vela.example.com/_services/token:sub":["repo:octo-org/octo-repo:ref:*:event:push",\
                "repo:octo-org/octo-repo:ref:*:event:tag"]},"IpAddress":{"aws:SourceIp":"203.0.113.7/32"}}}]}
                """)
    }

    @Test func `in issuer mode it trusts the gateway's issuer alone, and takes tags and source identity`() throws {
        let terms = TrustTerms(mode: .issuer, gateway: Self.gateway)
        let text = String(decoding: try Self.trust(.soundCondition, terms).document.bytes, as: UTF8.self)
        #expect(text.contains(#""Federated":"arn:aws:iam::123456123456:oidc-provider/issuer.example.com/vela""#))
        #expect(text.contains(#"["sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity"]"#))
        #expect(text.contains(#""issuer.example.com/vela:sub":["repo:octo-org/octo-repo:ref:*:event:push""#))
        #expect(!text.contains("vela.example.com"))
        let plain = TrustTerms(
            mode: .issuer, gateway: Self.gateway, extras: MintedExtras(holdsTags: false, holdsSourceIdentity: false))
        let bare = String(decoding: try Self.trust(.soundCondition, plain).document.bytes, as: UTF8.self)
        #expect(bare.contains(#""Action":"sts:AssumeRoleWithWebIdentity""#))
    }

    @Test func `with several issuers the gateway's sub begins with the issuer's name`() throws {
        let terms = TrustTerms(mode: .issuer, gateway: Self.gateway)
        let document = try Self.trust(.soundCondition, issuers: PolicySet.twoIssuers, terms).document
        #expect(
            String(decoding: document.bytes, as: UTF8.self).contains(
                #""vela:repo:octo-org/octo-repo:ref:*:event:push""#))
    }

    @Test func `what it writes passes lint in both modes`() throws {
        let conditions: [String] = [
            .soundCondition, #"{"StringEquals": {"repo_org": "octo-org"}}"#,
            #"{"StringLike": {"sub": "repo:octo-org/octo-repo:ref:refs/heads/*"}}"#,
        ]
        let modes: [(TrustTerms, String?)] = [
            (TrustTerms(mode: .forward, way: Self.pinned), nil),
            (TrustTerms(mode: .forward, way: NetworkWay(sourceVPCEs: ["vpce-1"], vpcSourceIPs: ["10.0.0.0/24"])), nil),
            (TrustTerms(mode: .issuer, gateway: Self.gateway), Self.gateway),
        ]
        for condition in conditions {
            for (terms, gateway) in modes {
                for issuers in [String.velaAlone, PolicySet.twoIssuers] {
                    let document = try Self.trust(condition, issuers: issuers, terms).document
                    let vela = TrustedIssuer(url: "https://vela.example.com/_services/token", isVela: true)
                    let expectations = TrustExpectations(
                        issuers: [vela], gateway: gateway, role: RoleARN(parsing: .role))
                    let findings = try RoleTrust.all(in: document.bytes).flatMap { $0.lint(expecting: expectations) }
                    #expect(findings == [], "\(condition) \(terms.mode): \(findings.map(\.description))")
                }
            }
        }
    }

    @Test func `it says what only the gateway checks`() throws {
        let notes = try Self.trust().notes.joined(separator: " ")
        #expect(notes.contains("AWS cannot check StringLike image, Bool commands, Bool pull_fork"))
        #expect(notes.contains(String.role))
        #expect(!notes.contains("StringEquals repo"))
        let byAction = try Self.trust(#"{"StringEquals": {"repo": "a/b", "event": "pull_request:opened"}}"#).notes
        #expect(byAction.contains { $0.contains("event without its action") })
    }

    @Test func `a role of one account at a time`() throws {
        let roles = [String.role, "arn:aws-us-gov:iam::999999999999:role/ci-{repo_name}"]
        let fault = #expect(throws: RuleTrustFault.self) { _ = try Self.trust(.soundCondition, roles: roles) }
        #expect(fault?.description.contains("--role") ?? false)
        let role = try #require(RoleARN(parsing: "arn:aws-us-gov:iam::999999999999:role/ci-octo-repo"))
        let terms = TrustTerms(mode: .forward, role: role, way: Self.pinned)
        let text = String(decoding: try Self.trust(.soundCondition, roles: roles, terms).document.bytes, as: UTF8.self)
        #expect(text.contains("arn:aws-us-gov:iam::999999999999:oidc-provider/"))
        let stranger = try #require(RoleARN(parsing: "arn:aws:iam::111111111111:role/x"))
        #expect(throws: RuleTrustFault.self) {
            _ = try Self.trust(
                .soundCondition, roles: roles, TrustTerms(mode: .forward, role: stranger, way: Self.pinned))
        }
    }

    @Test func `the audience is one that the rule takes`() throws {
        let issuers = """
            [{"name": "vela", "url": "https://vela.example.com/_services/token", "audiences": ["aws-gateway", "sts.amazonaws.com"],
              "claims": "vela"}]
            """
        let condition = #"{"StringEquals": {"repo": "a/b", "aud": "sts.amazonaws.com"}}"#
        let text = String(decoding: try Self.trust(condition, issuers: issuers).document.bytes, as: UTF8.self)
        #expect(text.contains(#":aud":"sts.amazonaws.com""#))
        let terms = TrustTerms(mode: .forward, audience: "other", way: Self.pinned)
        let other = String(decoding: try Self.trust(condition, issuers: issuers, terms).document.bytes, as: UTF8.self)
        #expect(other.contains(#":aud":"other""#))
    }

    @Test func `a rule that is not there, or denies, is named with those that are`() {
        let fault = #expect(throws: RuleTrustFault.self) {
            let policy = try PolicySet.rules("[\(String.rule()), \(String.deny(#"{"Bool": {"pull_fork": true}}"#))]")
            _ = try policy.trustPolicy(forRule: "no", on: TrustTerms(mode: .forward, way: Self.pinned))
        }
        #expect(fault?.description == "the policy has no allow rule 'no'; its allow rules are one")
    }
}
