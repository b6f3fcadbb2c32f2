import ExchangeCore
import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// A whole gateway in issuer mode, over its sockets.
struct IssuerModeTests {
    private static let issuers = GatewayPlan.velaIssuer.replacing("[sts.amazonaws.com]", with: "[vela-aws-gateway]")
    private static let rule = """
            federation: issuer
            subject: "{sub}"
            tags:
              Repo: "{repo}"
              Event: { value: "{event}", transitive: true }
            source_identity: "{repo_org}.{repo_name}.{build_number}"
            pin_role: true
        """

    private static func plan(_ key: SigningKey?, rule: String = rule, issuers: String = issuers) -> GatewayPlan {
        var plan = GatewayPlan(issuers: issuers)
        plan.signingKey = key
        plan.rule = rule
        return plan
    }

    private static func token(_ gateway: RunningGateway, audience: String = "vela-aws-gateway") throws -> String {
        try gateway.token(VelaClaims(at: gateway.clock.now, audience: audience))
    }

    /// The token that STS was sent last.
    private static func sent(_ gateway: RunningGateway) throws -> String {
        let form = try #require(gateway.sts.requests.last)
        return try #require(form.components(separatedBy: "WebIdentityToken=").last?.components(separatedBy: "&").first)
    }

    private static func claims(of token: String) throws -> JSONObject {
        let part = try #require(token.split(separator: ".").dropFirst().first)
        let bytes = try #require(Base64URL.decode(part.utf8))
        return try #require(try JSONValue(parsing: bytes).object)
    }

    @Test func `AWS is shown the gateway's own token, and the audit says what it said`() async throws {
        let key = SigningKey()
        try await RunningGateway.run(Self.plan(key)) { gateway in
            let own = try Self.token(gateway)
            let answer = try await gateway.send(ProbeRequest(token: own))
            #expect(answer.status == 200, "\(answer.body)")
            let sent = try Self.sent(gateway)
            #expect(sent != own && !gateway.sts.requests.joined().contains(own))
            let claims = try Self.claims(of: sent)
            let subject = "repo:octo-org/octo-repo:ref:refs/heads/main:event:push"
            #expect(claims["iss"]?.string == GatewayPlan.ownIssuer && claims["sub"]?.string == subject)
            #expect(claims["roles"] == [.string(GatewayPlan.role)])
            let record = try #require(try gateway.audit.first)
            #expect(record["federation"] == "issuer" && record["minted_sub"]?.string == subject)
            #expect(record["minted_aud"] == "sts.amazonaws.com" && record["minted_jti"] == claims["jti"])
            #expect(record["minted_key_id"]?.string == key.keyID)
            #expect(record["tags"] == ["Repo": "octo-org/octo-repo", "Event": "push"])
            #expect(record["transitive_tag_keys"] == ["Event"] && record["pinned_role"]?.string == GatewayPlan.role)
            #expect(record["source_identity"] == "octo-org.octo-repo.17")
            // The record names the token and is no use for making one.
            let signature = try #require(sent.split(separator: ".").last)
            #expect(try !gateway.folder.text("audit.log").contains(signature))
            #expect(!gateway.log.lines.joined().contains(signature))
        }
    }

    @Test func `a token that AWS would take is refused, and the caller is told which parameter to set`() async throws {
        try await RunningGateway.run(Self.plan(SigningKey(), issuers: Self.bothAudiences, rule2: Self.forwarding)) {
            gateway in
            let answer = try await gateway.send(
                ProbeRequest(token: try Self.token(gateway, audience: "sts.amazonaws.com")))
            #expect(answer.status == 401 && answer.code == "token_audience")
            let detail = try #require(try answer.json["detail"]?.string)
            #expect(
                detail.contains("Set the parameter 'audience' to vela-aws-gateway.")
                    || detail.contains("set the parameter 'audience' to vela-aws-gateway."))
            #expect(gateway.sts.requests.isEmpty)
            let record = try #require(try gateway.audit.first)
            #expect(record["code"] == "token_audience" && record["rule"] == "deploy")
        }
    }

    @Test func `a claim that fits no tag is refused before AWS hears of it, and the audit names rule and claim`()
        async throws
    {
        try await RunningGateway.run(
            Self.plan(SigningKey(), rule: Self.rule.replacing("{repo}", with: "{custom_properties.team}"))
        ) {
            gateway in
            let claims = VelaClaims(at: gateway.clock.now, audience: "vela-aws-gateway").with(
                "custom_properties", ["team": "a;b"])
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token(claims)))
            #expect(answer.status == 403 && answer.code == "policy_denied" && gateway.sts.requests.isEmpty)
            let record = try #require(try gateway.audit.first)
            #expect(record["rule"] == "deploy")
            #expect(
                record["cause"]?.string?.hasPrefix("tags.Repo: what the claim custom_properties.team gives holds")
                    == true)
        }
    }

    @Test func `forwards the caller's token where the rule does`() async throws {
        try await RunningGateway.run { gateway in
            let own = try gateway.token()
            #expect(try await gateway.send(ProbeRequest(token: own)).status == 200)
            #expect(try Self.sent(gateway) == own)
            let record = try #require(try gateway.audit.first)
            #expect(record["federation"] == "forward" && record["minted_jti"] == nil && record["tags"] == nil)
        }
    }

    @Test func `a policy in issuer mode does not load without an issuer`() async throws {
        let failure = await #expect(throws: StartFailure.self) { try await RunningGateway.run(Self.plan(nil)) { _ in } }
        #expect(failure?.description.contains("set issuer_url and issuer_keys") == true)
    }

    @Test func `explain and the status page show what would be minted, and mint nothing`() async throws {
        try await RunningGateway.run(Self.plan(SigningKey())) { gateway in
            let claims = VelaClaims(at: gateway.clock.now, audience: "vela-aws-gateway")
            let yes = try await gateway.administration(try gateway.question(claims)).json
            #expect(yes["federation"] == "issuer")
            #expect(
                yes["minted"] == [
                    "sub": "repo:octo-org/octo-repo:ref:refs/heads/main:event:push", "aud": "sts.amazonaws.com",
                    "tags": ["Repo": "octo-org/octo-repo", "Event": "push"], "transitive_tag_keys": ["Event"],
                    "source_identity": "octo-org.octo-repo.17", "roles": [.string(GatewayPlan.role)],
                ])
            let page = try await gateway.administration(ProbeRequest("GET", "/")).body
            #expect(page.contains("issuer mode") && page.contains("<code>{repo_org}.{repo_name}.{build_number}</code>"))
            let policy = try await gateway.administration(ProbeRequest("GET", "/policy")).json
            let rule = try #require(policy["rules"]?.array?.first?.object)
            #expect(rule["federation"] == "issuer" && rule["audiences"] == ["vela-aws-gateway"])
            #expect(rule["minted"]?.object?["tags.Event"] == "{event} (transitive)")
            #expect(gateway.sts.requests.isEmpty)
        }
    }
}

extension IssuerModeTests {
    private static let bothAudiences = GatewayPlan.velaIssuer.replacing(
        "[sts.amazonaws.com]", with: "[vela-aws-gateway, sts.amazonaws.com]")
    /// A rule that still forwards, so that both audiences are needed.
    private static let forwarding = """

          - name: old
            issuer: vela
            condition: { StringEquals: { repo: octo-org/old-repo } }
            roles: ["\(GatewayPlan.role)-old"]
        """

    private static func plan(_ key: SigningKey, issuers: String, rule2: String) -> GatewayPlan {
        plan(key, rule: rule + rule2, issuers: issuers)
    }
}
