import ExchangeAPI
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// How answers are judged, those of other servers included.
struct ProbeExpectationTests {
    private static let role = "arn:aws:iam::123456123456:role/probe"
    private static let now = ManualClock().now

    private static func credentials(
        role: String = role, secret: String = "CANARY-SECRET", ends: Timestamp = now + .seconds(900)
    ) -> Secret {
        CredentialsResponse(
            accessKeyID: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: Secret(secret),
            sessionToken: Secret("CANARY-SESSION"),
            expiration: ends.description, region: "us-east-1", role: role, assumedRoleARN: "arn", assumedRoleID: "id",
            sessionName: "vela", durationSeconds: 900, packedPolicySize: nil, rule: "probe", requestID: "r"
        ).encoded()
    }

    private static func problem(_ code: String) -> Secret {
        Secret(
            Problem(code: code, title: "t", status: 401, detail: "d", retryable: false, requestID: "r").bytes.span)
    }

    private static func fault(
        _ expectation: ProbeExpectation, _ status: Int, _ body: Secret = Secret("")
    ) -> ProbeFault? {
        expectation.fault(in: GatewayAnswer(status: status, body: body, requestID: nil), at: now)
    }

    @Test func `credentials are 200 with all of them, for the role, not past`() {
        let expected = ProbeExpectation.credentials(role: Self.role)
        #expect(Self.fault(expected, 200, Self.credentials()) == nil)
        #expect(Self.fault(expected, 201, Self.credentials()) != nil)
        #expect(Self.fault(expected, 200, Secret("{}"))?.what.contains("without credentials") == true)
        #expect(Self.fault(expected, 200, Self.credentials(role: "other"))?.what.contains("another role") == true)
        #expect(Self.fault(expected, 200, Self.credentials(secret: ""))?.what.contains("empty") == true)
        #expect(Self.fault(expected, 200, Self.credentials(ends: Self.now))?.what.contains("past") == true)
        let refused = Self.fault(expected, 403, Self.problem("policy_denied"))
        #expect(refused?.what == "403 policy_denied" && refused?.remedy.contains("rule") == true)
        #expect(Self.fault(expected, 502, Self.problem("sts_rejected"))?.remedy.contains("--expect verified") == true)
    }

    @Test func `an identity is 200 with the token's own subject`() {
        func whoami(_ subject: String) -> Secret {
            let claims = JSONObject([.init("sub", .string(subject))])
            return Secret(
                WhoamiResponse(issuer: "prober", claims: claims, unknownClaims: [], rules: nil, requestID: "r")
                    .bytes.span)
        }
        let expected = ProbeExpectation.identity(subject: "probe")
        #expect(Self.fault(expected, 200, whoami("probe")) == nil)
        #expect(Self.fault(expected, 200, whoami("other"))?.what.contains("another token") == true)
        #expect(Self.fault(expected, 200, Self.credentials()) != nil)
        #expect(Self.fault(expected, 401, Self.problem("token_expired"))?.what == "401 token_expired")
    }

    @Test func `a refusal is the code and its status, without credentials`() {
        let expected = ProbeExpectation.refusal([.roleNotAllowed, .policyDenied])
        #expect(Self.fault(expected, 403, Self.problem("role_not_allowed")) == nil)
        #expect(Self.fault(expected, 403, Self.problem("policy_denied")) == nil)
        #expect(Self.fault(expected, 401, Self.problem("policy_denied")) != nil)
        #expect(Self.fault(expected, 403, Self.problem("region_not_allowed"))?.what == "403 region_not_allowed")
        #expect(Self.fault(expected, 503, Self.problem("overloaded"))?.remedy.contains("nothing is proved") == true)
        #expect(Self.fault(expected, 403, Secret("<html>"))?.what.contains("without a code") == true)
        #expect(Self.fault(expected, 200, Self.problem("policy_denied"))?.what.contains("ACCEPTED") == true)
        #expect(Self.fault(expected, 200, Self.credentials())?.what.contains("WITH CREDENTIALS") == true)
    }

    @Test(arguments: ["secret_access_key", "SecretAccessKey", "session_token", "SessionToken"])
    func `the right refusal is a fault when credentials of any front stand in it`(name: String) {
        let body = Secret(#"{"code":"token_missing","status":401,"\#(name)":"CANARY"}"#)
        let fault = Self.fault(.refusal([.tokenMissing]), 401, body)
        #expect(fault?.what == "401 WITH CREDENTIALS" && fault?.remedy.contains("stop it now") == true)
    }

    @Test(arguments: [("sts_rejected", 502), ("sts_timeout", 504), ("policy_denied", 403), ("token_replayed", 401)])
    func `a bad token that comes past the verifier is an alarm, whoever stopped it then`(code: String, status: Int) {
        let fault = Self.fault(.refusal([.tokenSignatureInvalid]), status, Self.problem(code))
        #expect(fault?.what == "TAKEN FOR GOOD, then \(status) \(code)")
        #expect(fault?.remedy.contains("stop it now") == true)
    }

    @Test(arguments: [("token_expired", 401), ("overloaded", 503), ("audit_unavailable", 503)])
    func `a bad token that is refused for another reason proves nothing and is no alarm`(code: String, status: Int) {
        let fault = Self.fault(.refusal([.tokenSignatureInvalid]), status, Self.problem(code))
        #expect(fault?.what == "\(status) \(code)" && fault?.remedy.contains("stop it now") == false)
    }

    @Test func `nothing of an answer is shown but a known code and a request id of our form`() {
        let token = "eyJhbGciOi.CANARY.CANARY"
        let answer = GatewayAnswer(status: 401, body: Self.problem(token), requestID: token)
        #expect(answer.code == nil && answer.requestID == nil && answer.shown == "401 without a code of the gateway")
        let id = RequestID().description
        #expect(GatewayAnswer(status: 401, body: Secret(""), requestID: id).requestID == id)
    }
}
