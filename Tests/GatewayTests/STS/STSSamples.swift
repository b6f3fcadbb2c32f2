import ExchangeCore
import Secrets
import StrictJSON
import Testing

@testable import Gateway

/// What the tests of STS share: one call, and the answers that fit it.
enum STSSamples {
    static let now = Timestamp(seconds: 1_800_000_000)
    static let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"

    static func call(
        role: String = "arn:aws:iam::123456123456:role/teams/octo/deploy", region: String = "us-west-2",
        session: String = "octo-org.octo-repo-42", seconds: Int = 3600, policy: String? = nil, managed: [String] = []
    ) throws -> AssumeRoleCall {
        AssumeRoleCall(
            role: try #require(RoleARN(parsing: role)), region: try #require(Region(parsing: region)),
            sessionName: try #require(SessionName(parsing: session)), duration: .seconds(seconds),
            sessionPolicy: policy, managedPolicies: managed)
    }

    static let arn = "arn:aws:sts::123456123456:assumed-role/deploy/octo-org.octo-repo-42"

    static let credentials = """
        <Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>\
        <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey>\
        <SessionToken>FwoGZXIvYXdzEA//+token==</SessionToken><Expiration>\((now + .seconds(3600)).description)</Expiration>\
        </Credentials>
        """
    static let user = """
        <AssumedRoleUser><AssumedRoleId>AROA123EXAMPLE123:octo-org.octo-repo-42</AssumedRoleId><Arn>\(arn)</Arn></AssumedRoleUser>
        """

    /// As AWS sends it.
    static let success = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <Audience>sts.amazonaws.com</Audience>
            \(user)
            <Provider>arn:aws:iam::123456123456:oidc-provider/vela.example.com</Provider>
            \(credentials)
            <SubjectFromWebIdentityToken>repo:octo-org/octo-repo:ref:refs/heads/main</SubjectFromWebIdentityToken>
            <PackedPolicySize>6</PackedPolicySize>
          </AssumeRoleWithWebIdentityResult>
          <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>
        </AssumeRoleWithWebIdentityResponse>
        """

    static func error(_ code: String, _ message: String = "No.") -> String {
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>\(code)</Code>\
        <Message>\(message)</Message></Error><RequestId>f1f2f3f4-0000</RequestId></ErrorResponse>
        """
    }

    static func text(of secret: Secret) -> String {
        secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    /// The session in `document`, or what is wrong with it.
    static func session(in document: String) throws(STSAnswerError) -> AssumedSession? {
        guard case .assumed(let session) = try STSAnswer(parsing: Secret(document)) else { return nil }
        return session
    }
}

extension STSClient {
    /// As for a grant that forwards the caller's token.
    func assumeRole(
        _ call: AssumeRoleCall, presenting token: Secret, before deadline: ContinuousClock.Instant,
        attempts: Int = STSClient.usualAttempts
    ) async throws(STSFailure) -> STSOutcome {
        try await assumeRole(call, before: deadline, attempts: attempts) { () throws(Refusal) in
            PresentedToken(secret: token)
        }
    }
}
