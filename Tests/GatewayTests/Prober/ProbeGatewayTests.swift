import ExchangeAPI
import ExchangeCore
import Foundation
import OutboundHTTP
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The prober against a whole gateway in this process, whose policy names the prober as docs/operations.md shows it.
struct ProbeGatewayTests {
    private static let forbiddenRole = "arn:aws:iam::123456123456:role/admin"
    private static let issuer = ProbeIssuer(
        key: ProbeKey(), url: "https://prober.example.com", audience: "vela-aws-gateway", subject: "probe")

    /// A gateway that knows Vela and the prober. `keys` is the prober's key set.
    private static func plan(rule: String = rule, keys: [UInt8] = issuer.key.keySet) -> GatewayPlan {
        GatewayPlan(
            settings: [(key: "one_use_store", value: "memory")], rule: rule,
            issuers: GatewayPlan.velaIssuer + """
                  - name: prober
                    url: https://prober.example.com
                    audiences: [vela-aws-gateway]
                    claims: generic
                    algorithms: [ES256]
                    keys_file: prober.json

                """, keySets: ["prober.json": keys])
    }

    private static let rule = """
          - name: prober
            issuer: prober
            condition: { StringEquals: { sub: probe } }
            roles: ["\(GatewayPlan.role)"]
            max_duration: 1h
            one_use: { fronts: [credentials] }
        """

    private static func ask(
        _ gateway: RunningGateway, _ source: ProbePlan.Source = .issuer(issuer), mode: ProbeMode = .served
    ) async throws -> [ProbeFinding] {
        let prober = Prober(
            configuration: OutboundConfiguration(userAgent: "probe"),
            target: try ProbeTarget(parsing: gateway.service.serviceURL, allowingPlaintext: false),
            timeout: .seconds(60), now: gateway.clock.closure)
        let plan = ProbePlan(source: source, role: GatewayPlan.role, forbiddenRole: forbiddenRole, mode: mode)
        return try await prober.ask(try plan.checks(at: gateway.clock.now))
    }

    private static func vela(_ gateway: RunningGateway, _ claims: VelaClaims? = nil) throws -> ProbePlan.Source {
        .token(try ProbeToken(parsing: Secret(try gateway.token(claims))))
    }

    @Test func `with a key, every check of every name is as expected, run after run, though tokens count once`()
        async throws
    {
        try await RunningGateway.run(Self.plan()) { gateway in
            for run in 1...2 {
                let findings = try await Self.ask(gateway)
                #expect(findings.map(\.name) == ProbeCheck.Name.allCases)
                #expect(findings.allSatisfy { $0.fault == nil }, "\(findings.compactMap(\.fault))")
                // Of all tokens STS saw the good one.
                #expect(gateway.sts.requests.count == run)
            }
            #expect(try await gateway.metric(#"vela_gateway_one_use_tokens_total{result="first"}"#) == "2")
        }
    }

    @Test func `with Vela's token, what needs no key is as expected`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let findings = try await Self.ask(gateway, try Self.vela(gateway))
            #expect(
                findings.map(\.name) == [
                    .goodToken, .noToken, .signatureChanged, .payloadChanged, .algorithmNone, .issuerChanged,
                    .forbiddenRole,
                ])
            #expect(findings.allSatisfy { $0.fault == nil }, "\(findings.compactMap(\.fault))")
        }
    }

    @Test func `a token that is verified is enough where AWS does not know the issuer`() async throws {
        var plan = Self.plan()
        plan.sts = [.http(400, STSSamples.error("InvalidIdentityToken"))]
        try await RunningGateway.run(plan) { gateway in
            let served = try await Self.ask(gateway)
            #expect(served.filter { $0.fault != nil }.map(\.name) == [.goodToken])
            #expect(served.first?.fault?.remedy.contains("--expect verified") == true)
            let verified = try await Self.ask(gateway, mode: .verified)
            #expect(verified.allSatisfy { $0.fault == nil }, "\(verified.compactMap(\.fault))")
        }
    }

    @Test func `a good token that is refused is named with the reason, and nothing else is`() async throws {
        let otherRule = Self.rule.replacing("sub: probe", with: "sub: other")
        let cases = [
            (Self.plan(rule: otherRule), "403 policy_denied"),
            (Self.plan(keys: ProbeKey().keySet), "401 token_unknown_key"),
        ]
        for (plan, what) in cases {
            try await RunningGateway.run(plan) { gateway in
                let finding = try #require(try await Self.ask(gateway).first)
                #expect(finding.name == .goodToken && finding.fault?.what == what, "\(finding)")
                #expect(finding.requestID != nil && finding.fault?.remedy.isEmpty == false)
            }
        }
    }

    @Test func `a rule that gives the forbidden role is found`() async throws {
        let lax = Self.rule.replacing(GatewayPlan.role, with: Self.forbiddenRole)
        var plan = Self.plan(rule: lax)
        plan.sts = [.http(200, GatewayPlan.assumed(role: "admin"))]
        try await RunningGateway.run(plan) { gateway in
            let findings = try await Self.ask(gateway)
            #expect(findings.last?.name == .forbiddenRole)
            #expect(findings.last?.fault?.what == "200 WITH CREDENTIALS")
        }
    }

    @Test func `a deny of the forbidden role is as good as a rule without it`() async throws {
        let deny = """

              - name: not-for-probers
                effect: deny
                roles: ["\(Self.forbiddenRole)"]
                condition: { StringEquals: { iss: https://prober.example.com } }
            """
        try await RunningGateway.run(Self.plan(rule: Self.rule + deny)) { gateway in
            let finding = try #require(try await Self.ask(gateway).last)
            #expect(finding.code == "policy_denied" && finding.fault == nil, "\(finding)")
        }
    }

    @Test func `the policy of the documentation is clean, and gives the prober its role and no other`() async throws {
        let document = try String(contentsOf: Self.root.appendingPathComponent("docs/operations.md"), encoding: .utf8)
        let block = try #require(document.components(separatedBy: "```yaml prober\n").dropFirst().first)
        let folder = try TemporaryFolder()
        try folder.write(try #require(block.components(separatedBy: "\n```").first) + "\n", to: "prober.yaml")
        try folder.write(Self.issuer.key.keySet, to: "prober.json")
        let policy = try PolicyFiles(path: folder.path).loadPolicy()
        let clock = ManualClock()
        #expect(policy.lint(at: clock.now) == [])

        let verifier = TokenVerifier(issuers: policy.issuers, fetch: FakeKeyFetch().closure, now: clock.closure)
        let token = try await verifier.verify(Self.issuer.token(at: clock.now))
        func rule(_ role: String) throws -> String? {
            do throws(Refusal) {
                return try policy.decide(token, asking: ExchangeRequest(CredentialsRequest(role: role)), at: clock.now)
                    .rule
            } catch { return nil }
        }
        #expect(try rule("arn:aws:iam::123456123456:role/vela-probe") == "prober")
        #expect(try rule(Self.forbiddenRole) == nil)
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..").standardizedFileURL
}
