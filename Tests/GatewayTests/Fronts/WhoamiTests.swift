import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `POST /v1/whoami` over real sockets.
struct WhoamiTests {
    @Test func `shows the caller its own claims and nothing of the policy`() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(.whoami(try gateway.token()))
            #expect(answer.status == 200 && answer["Cache-Control"] == "no-store", "\(answer.body)")
            let body = try answer.json
            #expect(body.members.map(\.name) == ["issuer", "claims", "request_id"])
            #expect(body["issuer"] == "vela" && body["request_id"]?.string == answer["X-Request-Id"])
            let claims = try #require(body["claims"]?.object)
            #expect(
                claims["repo"] == "octo-org/octo-repo" && claims["repo_org"] == "octo-org"
                    && claims["aud"] == "sts.amazonaws.com")
            for hidden in ["deploy", "arn:aws", "us-west-2", "StringEquals"] { #expect(!answer.body.contains(hidden)) }
            #expect(gateway.sts.requests.isEmpty)
            #expect(try gateway.audit.isEmpty)
            let series = #"vela_gateway_exchanges_total{front="whoami",outcome="shown",code="none"}"#
            #expect(try await gateway.metric(series) == "1")
        }
    }

    @Test func `names rules only where the setting says so`() async throws {
        try await RunningGateway.run(GatewayPlan(settings: [(key: "whoami", value: "rules")])) { gateway in
            #expect(try await gateway.send(.whoami(try gateway.token())).json["rules"] == ["deploy"])
            let other = try gateway.token(VelaClaims(at: gateway.clock.now, repo: "octo-org/other"))
            #expect(try await gateway.send(.whoami(other)).json["rules"] == [])
        }
    }

    @Test func `refuses what the other fronts refuse, and records it`() async throws {
        try await RunningGateway.run { gateway in
            #expect(try await gateway.send(.whoami(nil)).code == "token_missing")
            let forged = try await gateway.send(.whoami(try gateway.token() + "x"))
            #expect(forged.status == 401 && forged.code?.hasPrefix("token_") == true)
            let old = try await gateway.send(
                .whoami(try gateway.token(VelaClaims(at: gateway.clock.now + .seconds(-400)))))
            #expect(old.status == 401 && old.code == "token_expired")
            #expect(try gateway.audit.map { $0["front"] } == ["whoami"])
            var request = ProbeRequest.whoami(try gateway.token())
            request.body = "{}"
            #expect(try await gateway.send(request).code == "invalid_request")
            request = .whoami(try gateway.token())
            request.path += "?x=1"
            #expect(try await gateway.send(request).code == "invalid_request")
            #expect(try await gateway.send(ProbeRequest("GET", "/v1/whoami"))["Allow"] == "POST")
        }
    }
}

extension ProbeRequest {
    static func whoami(_ token: String?) -> ProbeRequest {
        var request = ProbeRequest(token: token, body: "")
        request.path = "/v1/whoami"
        request.headers = []
        return request
    }
}
