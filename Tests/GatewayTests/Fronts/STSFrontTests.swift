import Foundation
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// `POST /` over real sockets: what an AWS SDK sends, and what it must not send.
struct STSFrontTests {
    @Test func `gives credentials in AWS's XML, each with its record`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let answer = try await gateway.send(.sts(try gateway.token()))
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer["Content-Type"] == "text/xml" && answer["Cache-Control"] == "no-store")
            let id = try #require(answer["X-Request-Id"])
            #expect(answer["x-amzn-requestid"] == id)
            let session = try #require(try STSSamples.session(in: answer.body))
            #expect(session.accessKeyID == "ASIAIOSFODNN7EXAMPLE" && session.packedPolicySize == 6)
            #expect(session.secretAccessKey == Secret(GatewayPlan.secretKey))
            #expect(session.sessionToken == Secret(GatewayPlan.sessionToken))
            #expect(session.expiration.description == "2026-01-01T01:04:05Z" && session.requestID == id)
            #expect(session.assumedRoleARN == "arn:aws:sts::123456123456:assumed-role/deploy/botocore-session")
            for part in [
                #"<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">"#,
                "<Audience>sts.amazonaws.com</Audience>", "<Provider>\(VelaClaims.issuer)</Provider>",
                "<SubjectFromWebIdentityToken>repo:",
            ] { #expect(answer.body.contains(part)) }
            let record = try #require(try gateway.audit.first)
            #expect(record["front"] == "sts" && record["outcome"] == "allowed" && record["request_id"] == .string(id))
            let series = #"vela_gateway_http_requests_total{listener="service",route="/",status="200"}"#
            #expect(try await gateway.metric(series) == "1")
        }
    }

    @Test func `passes on what was asked`() async throws {
        let plan = GatewayPlan(
            sts: [.http(200, GatewayPlan.assumed(session: "a+b=c,d.e@f-g"))],
            rule: "    session_policy: { managed: [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"] }")
        try await RunningGateway.run(plan) { gateway in
            var request = ProbeRequest.sts(
                try gateway.token(), session: "a%2Bb%3Dc%2Cd.e%40f-g",
                more: "&DurationSeconds=3600&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess"
            )
            request.headers = [(name: "content-type", value: "application/x-www-form-urlencoded; charset=utf-8")]
            let answer = try await gateway.send(request)
            #expect(answer.status == 200, "\(answer.body)")
            let form = try #require(gateway.sts.requests.first)
            #expect(form.contains("DurationSeconds=3600") && form.contains("RoleSessionName=a%2Bb%3Dc%2Cd.e%40f-g"))
            #expect(form.contains("PolicyArns.member.1.arn="))
        }
    }

    @Test func `reads plus as a space in a session policy`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let policy =
                "%7B%22Version%22:+%222012-10-17%22%2C%22Statement%22:%20%7B%22Effect%22:%22Allow%22%2C%22Action%22:%22s3:*%22%2C%22Resource%22:%22*%22%7D%7D"
            let answer = try await gateway.send(.sts(try gateway.token(), more: "&Policy=\(policy)"))
            #expect(answer.status == 200, "\(answer.body)")
            #expect(gateway.sts.requests.last?.contains("Policy=%7B%22Version%22%3A%222012-10-17%22") == true)
            let malformed = try await gateway.send(.sts(try gateway.token(), more: "&Policy=%7B%7D"))
            #expect(malformed.status == 400 && malformed.stsCode == "MalformedPolicyDocument")
        }
    }

    /// Each with a piece of the message.
    @Test(arguments: [
        ("&Nonsense=1", "'Nonsense'"), ("&Tags.member.1.Key=a", "'Tags.member.1.Key'"),
        ("&ProviderId=x", "'ProviderId'"),
        ("&RoleArn=x", "twice"), ("&DurationSeconds=899", "'DurationSeconds'"),
        ("&DurationSeconds=43201", "'DurationSeconds'"),
        ("&DurationSeconds=", "'DurationSeconds'"), ("&DurationSeconds=%2B900", "'DurationSeconds'"),
        ("&DurationSeconds=000900", "'DurationSeconds'"), ("&DurationSeconds=900.0", "'DurationSeconds'"),
        ("&Policy=", "'Policy'"), ("&Policy=%ff", "'Policy'"),
        ("&PolicyArns.member.0.arn=x", "counts from 1"), ("&PolicyArns.member.11.arn=x", "counts from 1"),
        ("&PolicyArns.member.01.arn=x", "counts from 1"),
        ("&PolicyArns.member.2.arn=arn:aws:iam::aws:policy/ReadOnlyAccess", "before it"),
        ("&PolicyArns.member.1.arn=x", "'PolicyArns.member.1.arn'"), ("&", "'='"), ("&x", "'='"),
        ("&x=%zz", "hexadecimal"),
    ])
    func `refuses a wrong form by the parameter's name`(more: String, names: String) async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let answer = try await gateway.send(.sts(try gateway.token(), more: more))
            #expect(answer.status == 400 && answer.stsCode == "ValidationError", "\(answer.body)")
            #expect(answer.body.contains(names), "\(answer.body)")
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("", "its only action"), ("Action=", "its only action"),
        ("Action=GetCallerIdentity&Version=2011-06-15", "'GetCallerIdentity'"),
        ("Action=AssumeRole&Version=2011-06-15&RoleArn=x", "'AssumeRole'"),
        ("Action=AssumeRoleWithWebIdentity", "'Version'"),
        ("Action=AssumeRoleWithWebIdentity&Version=2010-05-08", "'Version'"),
        ("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&WebIdentityToken=abcd", "'RoleArn'"),
        (
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&WebIdentityToken=abcd&RoleArn=\(GatewayPlan.role)",
            "'RoleSessionName'"
        ),
    ])
    func `says what it is to whoever asks for something else`(form: String, names: String) async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let answer = try await gateway.send(.sts(form: form))
            #expect(
                answer.status == 400 && answer.stsCode == "ValidationError" && answer.body.contains(names),
                "\(answer.body)")
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test func `takes no parameters from the address, and no other type of body`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            var request = ProbeRequest.sts(try gateway.token())
            request.path = "/?CANARY=1"
            let answer = try await gateway.send(request)
            #expect(answer.status == 400 && answer.stsCode == "ValidationError" && !answer.body.contains("CANARY"))
            #expect(!gateway.log.lines.joined().contains("CANARY"))
            request.path = "/"
            request.headers = [(name: "Content-Type", value: "application/json")]
            #expect(try await gateway.send(request).status == 415)
            let get = try await gateway.send(ProbeRequest("GET", "/"))
            #expect(get.status == 405 && get["Allow"] == "POST")
            #expect(gateway.sts.requests.isEmpty)
        }
    }

    @Test func `takes the longest token with the longest policies, and no longer one`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let policy = String(repeating: "%C3%BF", count: 2048)
            let arn = "arn:aws:iam::123456123456:policy/" + Array(repeating: "x", count: 64).joined(separator: "/")
            let more =
                "&Policy=\(policy)" + (1...10).map { "&PolicyArns.member.\($0).arn=\(arn)" }.joined()
                + "&DurationSeconds=900"
            let longest = try await gateway.send(.sts(String(repeating: "x", count: 20_000), more: more))
            #expect(longest.stsCode == "InvalidIdentityToken" && longest.status == 400)
            let longer = try await gateway.send(.sts(String(repeating: "x", count: 20_001)))
            #expect(longer.stsCode == "InvalidIdentityToken")
            for token in ["", "abc"] { #expect(try await gateway.send(.sts(token)).stsCode == "InvalidIdentityToken") }
        }
    }

    @Test(arguments: [
        (ScriptedSTS.Answer.http(403, STSSamples.error("AccessDenied", "Not authorized")), 403, "AccessDenied"),
        (.http(200, "{}"), 400, "InvalidResponse"), (.http(400, STSSamples.error("Throttling")), 400, "Throttling"),
        (.http(400, STSSamples.error("IDPCommunicationError")), 400, "IDPCommunicationError"),
        (.http(500, "broken"), 503, "ServiceUnavailable"), (.cut, 503, "ServiceUnavailable"),
        (.http(400, STSSamples.error("PackedPolicyTooLarge")), 400, "PackedPolicyTooLarge"),
    ])
    func `asks STS once, because an SDK tries again by itself`(sts: ScriptedSTS.Answer, status: Int, code: String)
        async throws
    {
        try await RunningGateway.run(GatewayPlan(sts: [sts])) { gateway in
            let answer = try await gateway.send(.sts(try gateway.token()))
            #expect(answer.status == status && answer.stsCode == code, "\(answer.body)")
            #expect(gateway.sts.requests.count == 1 && !answer.body.contains("CANARY"))
            #expect(try gateway.audit.first?["front"] == "sts")
        }
    }

    @Test func `nothing secret stands in audit, log or metrics`() async throws {
        try await RunningGateway.run(Self.plan()) { gateway in
            let token = try gateway.token()
            #expect(try await gateway.send(.sts(token)).status == 200)
            #expect(try await gateway.send(.sts(token + "x")).status == 400)
            #expect(try await gateway.send(.sts(token, more: "&\(token.prefix(60))=1")).status == 400)
            let written =
                try await gateway.folder.text("audit.log") + gateway.log.lines.joined()
                + gateway.health("/metrics").body
            for secret in [GatewayPlan.secretKey, GatewayPlan.sessionToken]
                + token.split(separator: ".").map(String.init)
            {
                #expect(!written.contains(secret))
            }
        }
    }

    private static func plan() -> GatewayPlan {
        GatewayPlan(sts: [.http(200, GatewayPlan.assumed(session: "botocore-session"))])
    }
}

extension ProbeRequest {
    /// What an SDK sends. All values must be encoded already.
    static func sts(_ token: String, session: String = "botocore-session", more: String = "") -> ProbeRequest {
        .sts(
            form:
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=\(GatewayPlan.role)&RoleSessionName=\(session)&WebIdentityToken=\(token)\(more)"
        )
    }

    static func sts(form: String) -> ProbeRequest {
        var request = ProbeRequest(body: form)
        request.path = "/"
        request.headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        return request
    }
}

extension ProbeAnswer {
    /// The code of an error in AWS's XML, read strictly; nil for anything else.
    var stsCode: String? {
        // No such document is no such error.
        guard case .refused(let error)? = try? STSAnswer(parsing: Secret(body)) else { return nil }
        return error.code
    }
}
