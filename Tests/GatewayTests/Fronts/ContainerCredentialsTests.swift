import MicroHTTPD
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `GET /v1/container-credentials` over real sockets.
struct ContainerCredentialsTests {
    @Test(arguments: ["", "Bearer ", "bearer "])
    func `gives the four fields, to a raw token as to a bearer's`(scheme: String) async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(.container(scheme + (try gateway.token())))
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer["Content-Type"] == "application/json" && answer["Cache-Control"] == "no-store")
            #expect(
                try answer.json == [
                    "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": .string(GatewayPlan.secretKey),
                    "Token": .string(GatewayPlan.sessionToken), "Expiration": "2026-01-01T01:04:05Z",
                ])
            let record = try #require(try gateway.audit.first)
            #expect(record["front"] == "container" && record["request_id"]?.string == answer["X-Request-Id"])
            let series =
                #"vela_gateway_http_requests_total{listener="service",route="/v1/container-credentials",status="200"}"#
            #expect(try await gateway.metric(series) == "1")
        }
    }

    @Test(arguments: [
        nil, "", "role=", "role", "role=CANARY", "role=R&role=R", "role=R&x=1", "x=1&role=R", "role=R&", "Role=R",
        "role=R%0a",
        "role=R+x", "role=%zz",
    ])
    func `takes exactly one role and nothing else, and shows and logs none of it`(query: String?) async throws {
        try await RunningGateway.run { gateway in
            var request = ProbeRequest.container(try gateway.token())
            let query = query.map { "?" + $0.replacing("R", with: GatewayPlan.role, maxReplacements: 2) }
            request.path = "/v1/container-credentials" + (query ?? "")
            let answer = try await gateway.send(request)
            #expect(answer.status == 400 && answer.code == "invalid_request", "\(answer.body)")
            #expect(try answer.json["message"]?.string?.isEmpty == false)
            #expect(!answer.body.contains("CANARY") && !gateway.log.lines.joined().contains("CANARY"))
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test func `a percent-encoded role is the same role`() async throws {
        try await RunningGateway.run { gateway in
            var request = ProbeRequest.container(try gateway.token())
            request.path =
                "/v1/container-credentials?role=arn%3Aaws%3Aiam%3A%3A123456123456%3Arole%2Fteams%2Focto%2Fdeploy"
            #expect(try await gateway.send(request).status == 200)
        }
    }

    @Test func `refuses with code and message, and takes no token from elsewhere`() async throws {
        try await RunningGateway.run { gateway in
            for value in [nil, ""] as [String?] {
                let answer = try await gateway.send(.container(value))
                #expect(answer.status == 401 && answer.code == "token_missing")
            }
            let other = try gateway.token(VelaClaims(at: gateway.clock.now, repo: "octo-org/other"))
            let denied = try await gateway.send(.container(other))
            #expect(denied.status == 403 && denied.code == "policy_denied")
            #expect(try denied.json.members.map(\.name) == ["code", "message"])
            let id = try #require(denied["X-Request-Id"])
            #expect(denied.body.contains(id))
            for method in ["POST", "HEAD", "OPTIONS"] {
                var request = ProbeRequest.container(try gateway.token())
                request.method = method
                let answer = try await gateway.send(request)
                #expect(answer.status == 405 && answer["Allow"] == "GET")
            }
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test(arguments: [
        (ScriptedSTS.Answer.http(500, "broken"), 504, "sts_timeout"), (.cut, 504, "sts_timeout"),
        (.http(400, STSSamples.error("Throttling")), 503, "sts_throttled"),
    ])
    func `asks STS once, because boto3 asks three times`(sts: ScriptedSTS.Answer, status: Int, code: String)
        async throws
    {
        try await RunningGateway.run(GatewayPlan(sts: [sts])) { gateway in
            let answer = try await gateway.send(.container(try gateway.token()))
            #expect(answer.status == status && answer.code == code, "\(answer.body)")
            #expect(gateway.sts.requests.count == 1)
        }
    }

    /// Without patience there is no call, however good STS is: the shorter of the two deadlines counts.
    @Test func `works no longer than its patience`() async throws {
        try await RunningGateway.run(GatewayPlan(containerPatience: .zero)) { gateway in
            let answer = try await gateway.send(.container(try gateway.token()))
            #expect(answer.status >= 503, "\(answer.body)")
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test(arguments: RefusalProblemTests.rows)
    func `says how long to wait, and shows no cause`(_ row: RefusalProblemTests.Row) throws {
        let response = HTTPResponse.containerError(row.refusal.problem, requestID: RequestID())
        #expect(response.status == row.status)
        #expect(response.headers.first { $0.name == "Retry-After" }?.value == row.retryAfter)
        guard case .bytes(let body) = response.body else { throw ProbeFailure(reason: "no body") }
        #expect(!String(decoding: body, as: UTF8.self).contains("CANARY"))
    }

    @Test func `gives up on STS when its patience ends, which is before boto3's`() async throws {
        #expect(ContainerCredentialsEndpoint.usualPatience < .seconds(2))
        let plan = GatewayPlan(sts: [.late(200, "x")], containerPatience: .milliseconds(200))
        try await RunningGateway.run(plan) { gateway in
            let answer = try await gateway.send(.container(try gateway.token()))
            #expect(answer.status == 504 && answer.code == "sts_timeout", "\(answer.body)")
            // None where the time was over before the call.
            #expect(gateway.sts.requests.count <= 1)
        }
    }
}

extension ProbeRequest {
    static func container(_ authorization: String?) -> ProbeRequest {
        var request = ProbeRequest("GET", "/v1/container-credentials?role=\(GatewayPlan.role)")
        request.authorization = authorization.map { Array($0.utf8) }
        return request
    }
}
