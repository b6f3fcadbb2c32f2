import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// The emergency deny, seen by callers and operators of a whole gateway.
struct EmergencyGatewayTests {
    private static let leak = """
        version: 1
        rules:
          - name: leak-in-octo
            condition: { StringEquals: { repo: octo-org/octo-repo } }

        """

    private func expectCode(_ code: String?, _ gateway: RunningGateway) async throws {
        let token = try gateway.token()
        #expect(try await eventually { try await gateway.send(ProbeRequest(token: token)).code == code })
    }

    @Test func `a file that appears stops who it names, and gone it stops nobody`() async throws {
        try await RunningGateway.run(GatewayPlan(looksForEmergency: true)) { gateway in
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token())).status == 200)
            try gateway.folder.write(Self.leak, to: RunningGateway.emergencyFile)
            try await expectCode("emergency_denied", gateway)
            let calls = gateway.sts.requests.count
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(answer.status == 403 && answer["Retry-After"] == nil && !answer.body.contains("leak-in-octo"))
            #expect(try answer.json["retryable"] == false)
            #expect(gateway.sts.requests.count == calls)
            let record = try #require(try gateway.audit.last)
            #expect(record["code"] == "emergency_denied" && record["rule"] == "leak-in-octo")
            #expect(record["cause"]?.string?.contains("the emergency deny in the file") == true)
            // It is known who it was, for the token was verified; the policy was not asked.
            #expect(record["repo"] == "octo-org/octo-repo" && record["policy_digest"] == nil)
            let other = VelaClaims(at: gateway.clock.now, repo: "octo-org/other")
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token(other))).code == "policy_denied")
            try FileManager.default.removeItem(atPath: gateway.folder.file(RunningGateway.emergencyFile))
            let token = try gateway.token()
            #expect(try await eventually { try await gateway.send(ProbeRequest(token: token)).status == 200 })
            #expect(
                try gateway.audit.compactMap { $0["outcome"] == "emergency" ? $0["state"]?.string : nil }
                    == ["rules", "absent"])
        }
    }

    @Test func `deny all stops every front from the start, and still tells callers who they are`() async throws {
        try await RunningGateway.run(GatewayPlan(emergency: "version: 1\ndeny: all\n")) { gateway in
            let token = try gateway.token()
            #expect(try await gateway.send(ProbeRequest(token: token)).code == "emergency_denied")
            var container = ProbeRequest("GET", "/v1/container-credentials?role=\(GatewayPlan.role)")
            container.authorization = Array(token.utf8)
            #expect(try await gateway.send(container).code == "emergency_denied")
            var sts = ProbeRequest("POST", "/")
            sts.headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
            sts.body =
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=\(GatewayPlan.role)&RoleSessionName=vela&WebIdentityToken=\(token)"
            let answer = try await gateway.send(sts)
            #expect(answer.status == 403 && answer.body.contains("<Code>AccessDenied</Code>"), "\(answer.body)")
            var whoami = ProbeRequest("POST", "/v1/whoami")
            whoami.authorization = Array("Bearer \(token)".utf8)
            #expect(try await gateway.send(whoami).status == 200)
            #expect(gateway.sts.requests.isEmpty)
            // Without a good token nobody learns that it is stopped.
            #expect(try await gateway.send(ProbeRequest(token: "x.y.z")).code == "token_malformed")
        }
    }

    @Test func `a file that cannot be understood stops everything, loudly`() async throws {
        try await RunningGateway.run(GatewayPlan(emergency: "version: 1\nrules:\n  - { name: lea")) { gateway in
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token())).code == "emergency_denied")
            let record = try #require(try gateway.audit.last { $0["outcome"] == "refused" })
            #expect(record["rule"] == nil && record["cause"]?.string?.contains("cannot be understood") == true)
            #expect(try await eventually { gateway.log.lines.contains { $0.contains(#""level":"critical""#) } })
            #expect(try await gateway.metric(#"vela_gateway_emergency_stop{source="file"}"#) == "1")
            #expect(try await gateway.metric(#"vela_gateway_emergency_fault{source="file"}"#) == "1")
            let page = try await gateway.administration(ProbeRequest("GET", "/")).body
            #expect(page.contains("Everything is denied, because the emergency deny in the file cannot be understood."))
            let ready = try await gateway.health("/readyz")
            #expect(ready.status == 200)
            #expect(try ready.json["emergency_deny"] == "everything")
        }
    }

    @Test func `it binds although the policy is faulty`() async throws {
        try await RunningGateway.run(GatewayPlan(looksForEmergency: true)) { gateway in
            try gateway.folder.write("rules: [", to: "policy.yaml")
            #expect(
                try await eventually {
                    try await gateway.metric(#"vela_gateway_policy_reloads_total{result="failed"}"#) != "0"
                })
            #expect(try await gateway.send(ProbeRequest(token: try gateway.token())).status == 200)
            try gateway.folder.write(Self.leak, to: RunningGateway.emergencyFile)
            try await expectCode("emergency_denied", gateway)
        }
    }

    @Test func `it shows in metrics, readiness, the page and the explanation`() async throws {
        try await RunningGateway.run(GatewayPlan(emergency: Self.leak)) { gateway in
            #expect(try await gateway.metric(#"vela_gateway_emergency_rules{source="file"}"#) == "1")
            #expect(try await gateway.metric(#"vela_gateway_emergency_stop{source="file"}"#) == "0")
            #expect(try await gateway.metric(#"vela_gateway_emergency_fault{source="file"}"#) == "0")
            let ready = try await gateway.health("/readyz")
            #expect(ready.status == 200)
            #expect(try ready.json["emergency_deny"] == "rules")
            let page = try await gateway.administration(ProbeRequest("GET", "/")).body
            #expect(
                page.contains("Callers are denied by the emergency deny in the file") && page.contains("leak-in-octo"))
            var question = ProbeRequest("POST", "/explain")
            question.headers = [(name: "Content-Type", value: "application/json")]
            let claims = JSONValue.object(VelaClaims(at: gateway.clock.now).members)
            question.body =
                #"{"claims": \#(String(decoding: claims.bytes, as: UTF8.self)), "request": {"role": "\#(GatewayPlan.role)"}}"#
            let explained = try await gateway.administration(question).json
            #expect(explained["outcome"] == "refused" && explained["code"] == "emergency_denied")
            #expect(explained["rule"] == "leak-in-octo")
        }
    }

    @Test func `without the setting nothing of it shows, and no file is looked for`() async throws {
        try await RunningGateway.run { gateway in
            let ready = try await gateway.health("/readyz").json
            #expect(ready["emergency_deny"] == nil)
            let metrics = try await gateway.health("/metrics").body
            #expect(!metrics.contains("vela_gateway_emergency_rules{"))
        }
    }

    @Test func `a store that was never reached gives nothing, says so and is not ready`() async throws {
        let settings = [
            (key: "one_use_store", value: "redis://127.0.0.1:1"), (key: "emergency_deny_shared", value: "true"),
        ]
        try await RunningGateway.run(GatewayPlan(settings: settings)) { gateway in
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token()))
            #expect(answer.status == 503 && answer.code == "emergency_unknown" && answer["Retry-After"] == "2")
            #expect(try answer.json["retryable"] == true && gateway.sts.requests.isEmpty)
            let ready = try await gateway.health("/readyz")
            #expect(ready.status == 503)
            #expect(try ready.json["emergency_deny"] == "unknown")
            #expect(
                try await eventually {
                    try await gateway.metric(#"vela_gateway_emergency_fault{source="store"}"#) == "1"
                })
        }
    }

    @Test func `a file in a folder that is not there stops the start`() async throws {
        let settings = [(key: "emergency_deny", value: "/nonexistent/emergency.yaml")]
        let failure = await #expect(throws: StartFailure.self) {
            try await RunningGateway.run(GatewayPlan(settings: settings)) { _ in }
        }
        #expect(failure?.description.hasPrefix("emergency_deny: ") == true)
    }

    @Test func `a disabled issuer is refused by name, unverified, and the gateway stays ready`() async throws {
        let issuers = GatewayPlan.velaIssuer.replacing("claims: vela", with: "claims: vela\n    disabled: true")
        try await RunningGateway.run(GatewayPlan(issuers: issuers)) { gateway in
            let token = try gateway.token()
            let answer = try await gateway.send(ProbeRequest(token: token))
            #expect(answer.status == 401 && answer.code == "token_issuer_disabled")
            #expect(answer["WWW-Authenticate"]?.contains("token_issuer_disabled") == true)
            var whoami = ProbeRequest("POST", "/v1/whoami")
            whoami.authorization = Array("Bearer \(token)".utf8)
            #expect(try await gateway.send(whoami).code == "token_issuer_disabled")
            let ready = try await gateway.health("/readyz")
            #expect(ready.status == 200)
            #expect(try ready.json["issuers"] == ["vela": "disabled"])
            #expect(try await gateway.metric(#"vela_gateway_issuer_disabled{issuer="vela"}"#) == "1")
            #expect(try await gateway.metric(#"vela_gateway_issuer_usable{issuer="vela"}"#) == nil)
            let page = try await gateway.administration(ProbeRequest("GET", "/")).body
            #expect(page.contains("Issuer vela is disabled in the policy, so its tokens are refused."))
            // Anybody can cause it without a good token, so it is counted and not a record each.
            #expect(try gateway.audit.isEmpty)
        }
    }
}
