import ExchangeAPI
import Foundation
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `verify`: AWS's word on whose the credentials are.
struct CallerIdentityTests {
    @Test func `verify asks AWS whose the credentials are, and tells`() async throws {
        var plan = GatewayPlan()
        plan.sts.append(.http(200, GatewayPlan.identity()))
        try await RunningGateway.run(plan) { gateway in
            let body = #"{"role": "\#(GatewayPlan.role)", "verify": true}"#
            let answer = try await gateway.send(ProbeRequest(token: try gateway.token(), body: body))
            #expect(answer.status == 200, "\(answer.body)")
            let identity = try #require(try answer.json["caller_identity"]?.object)
            #expect(identity["arn"] == "arn:aws:sts::123456123456:assumed-role/deploy/vela")
            #expect(identity["account"] == "123456123456" && identity["user_id"] == "AROA123EXAMPLE123:vela")
            let asked = try #require(gateway.sts.requests.last)
            #expect(asked.hasSuffix("\r\n\r\nAction=GetCallerIdentity&Version=2011-06-15"))
            #expect(asked.contains("Authorization: AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/"))
            #expect(asked.contains("X-Amz-Security-Token: \(GatewayPlan.sessionToken)"))
            #expect(gateway.sts.requests.count == 2)
            #expect(try gateway.audit.last?["outcome"] == "allowed")
        }
    }

    @Test(arguments: [
        ScriptedSTS.Answer.http(403, STSSamples.error("InvalidClientTokenId", "no")),
        .http(200, GatewayPlan.identity(arn: "arn:aws:sts::123456123456:assumed-role/other/vela")),
        .http(200, GatewayPlan.assumed()),
    ])
    func `credentials that AWS does not vouch for are withheld and recorded`(_ answer: ScriptedSTS.Answer) async throws
    {
        var plan = GatewayPlan()
        plan.sts.append(answer)
        try await RunningGateway.run(plan) { gateway in
            let body = #"{"role": "\#(GatewayPlan.role)", "verify": true}"#
            let refused = try await gateway.send(ProbeRequest(token: try gateway.token(), body: body))
            #expect(refused.status == 502 && !refused.body.contains(GatewayPlan.secretKey))
            let record = try #require(try gateway.audit.last)
            #expect(record["outcome"] == "refused" && record["rule"] == "deploy")
            #expect(record["withheld_access_key_id"] == "ASIAIOSFODNN7EXAMPLE")
        }
    }
}
