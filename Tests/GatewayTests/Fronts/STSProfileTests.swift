import ExchangeCore
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `POST /sts/<profile>`: what an AWS SDK cannot ask for, kept on the gateway.
struct STSProfileTests {
    private static let namedPolicies = """
        session_policies:
          read: { Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "*" } }
          write: { Statement: { Effect: Allow, Action: "s3:PutObject", Resource: "*" } }
        """
    private static let rule = """
            session_policy: { named: [read], managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }
        \(namedPolicies)
        """
    private static let profiles = [
        (key: "sts_profiles.full.session_policy", value: "read"), (key: "sts_profiles.full.duration", value: "15m"),
        (key: "sts_profiles.full.region", value: "eu-central-1"),
        (key: "sts_profiles.write.session_policy", value: "write"),
        (key: "sts_profiles.long.duration", value: "2h"), (key: "sts_profiles.far.region", value: "us-east-1"),
    ]

    @Test func `fills what the request leaves out, and the record shows the result`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let answer = try await gateway.send(.sts(try gateway.token(), profile: "full"))
            #expect(answer.status == 200, "\(answer.body)")
            let form = try #require(gateway.sts.requests.last)
            #expect(form.contains("DurationSeconds=900&") || form.hasSuffix("DurationSeconds=900"), "\(form)")
            #expect(form.contains("Policy=%7B") && form.contains("s3%3AGetObject"), "\(form)")
            let record = try #require(try gateway.audit.last)
            #expect(record["front"] == "sts" && record["region"] == "eu-central-1", "\(record)")
            #expect(record["duration_seconds"]?.integer == 900)
            let name = #"vela_gateway_http_requests_total{listener="service",route="/sts/<profile>",status="200"}"#
            #expect(try await gateway.metric(name) == "1")
        }
    }

    @Test func `a slash behind the name changes nothing`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            #expect(try await gateway.send(.sts(try gateway.token(), profile: "full/")).status == 200)
            let record = try #require(try gateway.audit.last)
            #expect(record["duration_seconds"]?.integer == 900)
        }
    }

    @Test func `what the request brings stays`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let own =
                "%7B%22Statement%22:%7B%22Effect%22:%22Allow%22,%22Action%22:%22sqs:*%22,%22Resource%22:%22*%22%7D%7D"
            let answer = try await gateway.send(
                .sts(try gateway.token(), more: "&DurationSeconds=1800&Policy=\(own)", profile: "full"))
            #expect(answer.status == 200, "\(answer.body)")
            let form = try #require(gateway.sts.requests.last)
            #expect(
                form.contains("DurationSeconds=1800") && form.contains("sqs") && !form.contains("GetObject"), "\(form)")
            // AWS unites session policies: the profile's beside this one would widen the session.
            let managed = "&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/ReadOnlyAccess"
            #expect(try await gateway.send(.sts(try gateway.token(), more: managed, profile: "full")).status == 200)
            let second = try #require(gateway.sts.requests.last)
            #expect(second.contains("PolicyArns.member.1.arn") && !second.contains("GetObject"), "\(second)")
        }
    }

    @Test(arguments: [
        ("write", "session_policy_not_allowed", "may not choose"), ("long", "duration_not_allowed", "3600"),
        ("far", "region_not_allowed", "/sts/"),
    ])
    func `the policy judges a profile as it judges a caller`(profile: String, code: String, says: String) async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let answer = try await gateway.send(.sts(try gateway.token(), profile: profile))
            #expect(answer.status == 403 && answer.stsCode == "AccessDenied", "\(answer.body)")
            #expect(answer.body.contains(code) && answer.body.contains(says), "\(answer.body)")
            #expect(gateway.sts.requests.isEmpty)
            let record = try #require(try gateway.audit.last)
            #expect(record["outcome"] == "refused" && record["code"]?.string == code)
        }
    }

    @Test func `an unknown profile is refused in AWS's words, with the remedy, and counted`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let answer = try await gateway.send(.sts(try gateway.token(), profile: "ful"))
            #expect(answer.status == 400 && answer.stsCode == "ValidationError", "\(answer.body)")
            #expect(answer.body.contains("no profile 'ful'") && answer.body.contains("sts_profiles"), "\(answer.body)")
            #expect(!answer.body.contains("'full'") && gateway.sts.requests.isEmpty)
            let series = #"vela_gateway_exchanges_total{front="sts",outcome="refused",code="invalid_request"}"#
            #expect(try await gateway.metric(series) == "1")
        }
    }

    @Test(arguments: [
        "/sts", "/sts/", "/sts/a/b", "/sts/a.b", "/sts/%66ull", "/sts/full//", "/sts//",
        "/sts/\(String(repeating: "a", count: 65))",
    ])
    func `no other path below is served, and says so in AWS's words`(path: String) async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            var request = ProbeRequest.sts(try gateway.token())
            request.path = path
            let answer = try await gateway.send(request)
            #expect(answer.status == 404 && answer["Content-Type"] == "text/xml", "\(answer.body)")
            #expect(
                answer.stsCode == "ValidationError" && answer.body.contains("/sts/&lt;profile&gt;"), "\(answer.body)")
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test func `a session policy that the policy does not keep stops the start, all of them at once`() async throws {
        var plan = Self.plan()
        plan.settings += [
            (key: "sts_profiles.odd.session_policy", value: "raed"),
            (key: "sts_profiles.oddly.session_policy", value: "x"),
        ]
        do {
            try await RunningGateway.run(plan) { _ in Issue.record("it started") }
        } catch let failure as StartFailure {
            #expect(
                failure.description == """
                    sts_profiles.odd.session_policy: the policy keeps no session policy 'raed'; it keeps read, write
                    sts_profiles.oddly.session_policy: the policy keeps no session policy 'x'; it keeps read, write
                    """)
        }
    }

    /// STS answers with a session of 15 minutes: one that outlives what was asked for is no answer.
    private static func plan() -> GatewayPlan {
        let answer = GatewayPlan.assumed(session: "botocore-session").replacing("01:04:05Z", with: "00:19:05Z")
        return GatewayPlan(sts: [.http(200, answer)], settings: profiles, rule: rule)
    }
}

extension ProbeRequest {
    /// What an SDK sends to a profile.
    fileprivate static func sts(_ token: String, more: String = "", profile: String) -> ProbeRequest {
        var request = ProbeRequest.sts(token, more: more)
        request.path = "/sts/" + profile
        return request
    }
}
