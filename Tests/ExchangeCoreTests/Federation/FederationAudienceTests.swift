import Testing

@testable import ExchangeCore

/// A rule's mode and the token's audience agree, or nothing is given.
@Suite struct FederationAudienceTests {
    private static let both = FederationPolicy.issuer(audiences: [FederationPolicy.gateway, FederationPolicy.aws])

    @Test func `a token that AWS would take gets nothing by a rule in issuer mode`() throws {
        let policy = try FederationPolicy.compile(
            FederationPolicy.json(
                FederationPolicy.rule(), FederationPolicy.rule("old", mode: "forward", role: "other"),
                issuers: [Self.both]))
        #expect(
            try policy.refusal(.push())
                == .audienceNotAllowed(
                    rule: "one", mode: .issuer, seen: "sts.amazonaws.com", expected: ["vela-aws-gateway"]))
        #expect(
            throws: Refusal.audienceNotAllowed(
                rule: "old", mode: .forward, seen: "vela-aws-gateway", expected: ["sts.amazonaws.com"])
        ) { try policy.federation(.forGateway(), role: "other") }
        #expect(try policy.federation(.forGateway()).mode == .issuer)
        #expect(try policy.federation(.push(), role: "other") == .forward)
    }

    @Test func `of two rules for one role the token's audience chooses, so that pipelines can move one by one`() throws
    {
        let policy = try FederationPolicy.compile(
            FederationPolicy.json(
                FederationPolicy.rule(), FederationPolicy.rule("old", mode: "forward"), issuers: [Self.both]))
        #expect(try policy.federation(.forGateway()).mode == .issuer)
        #expect(try policy.federation(.push()) == .forward)
    }

    @Test func `an audience of AWS's is one in any partition and spelling`() {
        for audience in [
            "sts.amazonaws.com", "STS.AmazonAWS.com", "sts.amazonaws.com.cn", "https://sts.amazonaws.com/",
        ] {
            #expect(audience.isAudienceOfAWS)
        }
        for audience in ["vela-aws-gateway", "aws", "https://gateway.example.com"] {
            #expect(!audience.isAudienceOfAWS)
        }
    }

    @Test(arguments: [
        (
            FederationPolicy.json(
                FederationPolicy.rule(), issuers: [FederationPolicy.issuer(audiences: ["sts.amazonaws.com"])]),
            "issuer vela: its audiences are AWS's, and rules in issuer mode need one of the gateway's own"
        ),
        (
            FederationPolicy.json(
                FederationPolicy.rule(),
                issuers: [FederationPolicy.issuer(audiences: ["vela-aws-gateway", "sts.amazonaws.com"])]),
            "issuer vela: its audiences hold sts.amazonaws.com, but no rule forwards its tokens any more; remove it"
        ),
        (
            FederationPolicy.json(FederationPolicy.rule(), FederationPolicy.rule("old", mode: "forward")),
            "issuer vela: it has rules of both modes, and those that forward take only tokens for AWS; add sts.amazonaws.com"
        ),
        (
            FederationPolicy.json(
                FederationPolicy.rule(condition: #"{"StringEquals": {"event": "push", "aud": "sts.amazonaws.com"}}"#)),
            "rule one: its condition on aud is met by no token that a rule in mode issuer takes, which are those for vela-aws-gateway"
        ),
    ])
    func `is refused at load where mode and audience can never agree`(_ json: String, _ words: String) throws {
        let faults = try FederationPolicy.faults(json)
        #expect(faults.contains { $0.contains(words) }, "\(faults)")
    }

    @Test func `a condition on the gateway's audience is met`() throws {
        let condition = #"{"StringEquals": {"event": "push", "aud": "vela-aws-gateway"}}"#
        let policy = try FederationPolicy.compile(FederationPolicy.json(FederationPolicy.rule(condition: condition)))
        #expect(try policy.federation(.forGateway()).mode == .issuer)
    }
}
