import ExchangeAPI
import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `POST /v1/credentials` over real sockets, from the token to the answer and the audit line.
struct CredentialsTests {
    @Test func `gives credentials, and answers with all of the contract's fields`() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer["Content-Type"] == "application/json" && answer["Cache-Control"] == "no-store")
            var body = try answer.json
            #expect(body["request_id"]?.string == answer["X-Request-Id"])
            body["request_id"] = nil
            #expect(body["policy_digest"] == (try gateway.audit.first)?["policy_digest"])
            body["policy_digest"] = nil
            #expect(
                body == [
                    "access_key_id": "ASIAIOSFODNN7EXAMPLE", "secret_access_key": .string(GatewayPlan.secretKey),
                    "session_token": .string(GatewayPlan.sessionToken), "expiration": "2026-01-01T01:04:05Z",
                    "region": "us-west-2", "role": .string(GatewayPlan.role),
                    "assumed_role_arn": "arn:aws:sts::123456123456:assumed-role/deploy/vela",
                    "assumed_role_id": "AROA123EXAMPLE123:vela", "session_name": "vela", "duration_seconds": 3600,
                    "packed_policy_size": 6, "rule": "deploy",
                ])
        }
    }

    @Test func `a rule under observation is told in answer, audit, log and metric`() async throws {
        var plan = GatewayPlan()
        plan.rule = "    observe: { until: 2026-01-20 }"
        try await RunningGateway.run(plan) { gateway in
            let claims = VelaClaims(at: gateway.clock.now, repo: "octo-org/other")
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token(claims)))
            #expect(try answer.json["observed_rules"] == ["deploy"])
            let record = try #require(try gateway.audit.first)
            #expect(record["observed"] == ["allow deploy: StringEquals repo: the claim has another value"])
            let sentence = "a rule under observation would have decided otherwise"
            #expect(gateway.log.lines.contains { $0.contains(sentence) })
            let series = #"vela_gateway_observed_decisions_total{effect="allow",rule="deploy"}"#
            #expect(try await gateway.metric(series) == "1")
            // One that the rule allows by itself is no news.
            let usual = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(try usual.json["observed_rules"] == nil && usual.status == 200)
        }
    }

    @Test func `sends the session policies that the rule and the caller make`() async throws {
        try await RunningGateway.run { gateway in
            var request = ProbeRequest(token: try gateway.token())
            let policy =
                #"{"Version": "2012-10-17", "Statement": {"Sid": "x", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#
            request.body = #"{"role": "\#(GatewayPlan.role)", "inline_session_policy": \#(policy)}"#
            #expect(try await gateway.send(request).status == 200)
            let form = try #require(gateway.sts.requests.last)
            #expect(form.contains("Policy=%7B%22Version%22%3A%222012-10-17%22") && !form.contains("Sid"))
            #expect(try gateway.audit.last?["session_policy_sha256"]?.string?.utf8.count == 64)
            request.body = #"{"role": "\#(GatewayPlan.role)", "inline_session_policy": "{}"}"#
            let malformed = try await gateway.send(request)
            #expect(malformed.status == 422 && malformed.code == "session_policy_malformed")
        }
    }

    @Test func `the request id is ours, the caller's is recorded, and so is the trace`() async throws {
        try await RunningGateway.run { gateway in
            var request = ProbeRequest(token: try gateway.token())
            request.headers += [
                (name: "X-Request-Id", value: "theirs"),
                (name: "traceparent", value: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ]
            let answer = try await gateway.send(request)
            let id = try #require(answer["X-Request-Id"])
            #expect(answer.status == 200 && id != "theirs" && id.utf8.count == 32)
            let record = try #require(try gateway.audit.first)
            #expect(record["request_id"] == .string(id) && record["client_request_id"] == "theirs")
            #expect(record["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736")
        }
    }

    @Test func `passes on what was asked`() async throws {
        let plan = GatewayPlan(sts: [.http(200, GatewayPlan.assumed(session: "mine"))])
        try await RunningGateway.run(plan) { gateway in
            let body =
                #"{"role":"\#(GatewayPlan.role)","region":"eu-central-1","duration_seconds":3600,"session_name":"mine"}"#
            var request = ProbeRequest(token: try gateway.token(), body: body)
            request.authorization?.replaceSubrange(0..<6, with: Array("bEARER".utf8))
            request.headers = [(name: "content-type", value: "Application/JSON; charset=utf-8")]
            let answer = try await gateway.send(request)
            #expect(answer.status == 200, "\(answer.body)")
            let form = try #require(gateway.sts.requests.first)
            #expect(form.contains("RoleSessionName=mine") && form.contains("DurationSeconds=3600"))
        }
    }

    @Test func `finds the keys where the issuer says they are`() async throws {
        let web = try IssuerWeb()
        defer { web.stop() }
        let issuers = """
              - { name: vela, url: "\(web.url)", audiences: [sts.amazonaws.com], claims: vela, allow_plaintext: true }

            """
        try await RunningGateway.run(GatewayPlan(issuers: issuers)) { gateway in
            #expect(try await eventually { try await gateway.health("/readyz").status == 200 })
            let claims = VelaClaims(issuer: web.url, at: gateway.clock.now)
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token(claims)))
            #expect(answer.status == 200, "\(answer.body)")
        }
    }

    /// What the front says no to before it looks at the policy.
    @Test(arguments: [
        (#"{"role":"R","nonsense":1}"#, "unknown field 'nonsense'"), (#"{}"#, "'role'"), (#"{"role":7}"#, "'role'"),
        (#"{"role":"arn:aws:iam::123:role/x"}"#, "'role'"),
        (#"{"role":"R","region":"us-west-2.evil.example"}"#, "'region'"),
        (#"{"role":"R","duration_seconds":899}"#, "'duration_seconds'"),
        (#"{"role":"R","duration_seconds":43201}"#, "'duration_seconds'"),
        (#"{"role":"R","duration_seconds":9e9}"#, "'duration_seconds'"),
        (#"{"role":"R","session_name":"a b"}"#, "'session_name'"),
        (#"{"role":"R","role":"R"}"#, "JSON"), (#"["role"]"#, "object"),
        ("", "JSON"),
        (#"{"role":"R","session_policy":"a","inline_session_policy":"{}"}"#, "exclude each other"),
    ])
    func `refuses a wrong body by the field's name`(body: String, names: String) async throws {
        try await RunningGateway.run { gateway in
            let body = body.replacingOccurrences(of: #""R""#, with: "\"\(GatewayPlan.role)\"")
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token(), body: body))
            #expect(answer.status == 400 && answer.code == "invalid_request")
            #expect(try answer.json["detail"]?.string?.contains(names) == true, "\(answer.body)")
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test func `refuses what is not a bearer token, and says how to send one`() async throws {
        try await RunningGateway.run { gateway in
            for value in [nil, "", "Bearer", "Basic dXNlcjpwYXNz", "Bearerx", try gateway.token()] {
                var request = ProbeRequest()
                request.authorization = value.map { Array($0.utf8) }
                let answer = try await gateway.send(request)
                #expect(answer.status == 401 && answer.code == "token_missing", "\(value ?? "none")")
                #expect(answer["WWW-Authenticate"] == "Bearer" && answer["Cache-Control"] == "no-store")
            }
            var twice = ProbeRequest(token: try gateway.token())
            twice.headers.append((name: "Authorization", value: "Bearer \(try gateway.token())"))
            #expect(try await gateway.send(twice).status == 400)
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    /// Each with what of a good token or request is changed.
    @Test func `refuses what the policy does not allow, with one code for each reason`() async throws {
        try await RunningGateway.run { gateway in
            let now = gateway.clock.now
            let role = GatewayPlan.role
            let rows: [(VelaClaims, String, Int, String)] = [
                (VelaClaims(at: now, repo: "octo-org/other"), #"{"role":"\#(role)"}"#, 403, "policy_denied"),
                (VelaClaims(at: now), #"{"role":"\#(role)x"}"#, 403, "role_not_allowed"),
                (VelaClaims(at: now), #"{"role":"\#(role)","region":"us-east-1"}"#, 403, "region_not_allowed"),
                (VelaClaims(at: now), #"{"role":"\#(role)","duration_seconds":3601}"#, 403, "duration_not_allowed"),
                (VelaClaims(at: now), #"{"role":"\#(role)","session_policy":"x"}"#, 403, "session_policy_not_allowed"),
                (VelaClaims(at: now, audience: "other"), #"{"role":"\#(role)"}"#, 401, "token_audience"),
                (VelaClaims(at: now + .seconds(-400)), #"{"role":"\#(role)"}"#, 401, "token_expired"),
            ]
            for (claims, body, status, code) in rows {
                let answer = try await gateway.send(ProbeRequest(token: try gateway.token(claims), body: body))
                #expect(answer.status == status && answer.code == code, "\(answer.body)")
            }
            #expect(gateway.sts.requests.isEmpty)
            // All of them had good signatures, so each stands in the audit by itself.
            #expect(try gateway.audit.map { $0["code"]?.string } == rows.map(\.3))
        }
    }

    @Test(arguments: [
        (ScriptedSTS.Answer.http(403, STSSamples.error("AccessDenied", "Not authorized")), 502, "sts_rejected", false),
        (.http(200, GatewayPlan.assumed(session: "other")), 502, "sts_invalid_response", false),
        (.http(200, "{}"), 502, "sts_invalid_response", false),
        (.http(400, STSSamples.error("Throttling")), 503, "sts_throttled", true),
        (.http(500, "broken"), 504, "sts_timeout", true), (.cut, 504, "sts_timeout", true),
        (.http(400, STSSamples.error("PackedPolicyTooLarge")), 422, "session_policy_too_large", false),
    ])
    func `answers for STS's faults`(sts: ScriptedSTS.Answer, status: Int, code: String, isRetryable: Bool) async throws
    {
        try await RunningGateway.run(GatewayPlan(sts: [sts])) { gateway in
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(answer.status == status && answer.code == code, "\(answer.body)")
            #expect(try answer.json["retryable"] == .bool(isRetryable))
            #expect(!answer.body.contains("CANARY"))
            let record = try #require(try gateway.audit.first)
            #expect(record["code"] == .string(code) && record["rule"] == "deploy" && record["issue_us"]?.integer != nil)
        }
    }

    @Test func `nothing secret stands in audit, log or metrics`() async throws {
        try await RunningGateway.run(GatewayPlan(sts: [.http(200, GatewayPlan.assumed()), .http(500, "broken")])) {
            gateway in
            let token = try gateway.token()
            #expect(try await gateway.send(ProbeRequest(token: token)).status == 200)
            #expect(try await gateway.send(ProbeRequest(token: token)).status == 504)
            #expect(try await gateway.send(ProbeRequest(token: token + "x")).status == 401)
            let written =
                try await gateway.folder.text("audit.log") + gateway.log.lines.joined()
                + gateway.health("/metrics").body
            #expect(written.contains("ASIAIOSFODNN7EXAMPLE") && gateway.log.lines.count > 3)
            for secret in [GatewayPlan.secretKey, GatewayPlan.sessionToken]
                + token.split(separator: ".").map(String.init)
            {
                #expect(!written.contains(secret))
            }
        }
    }
}
