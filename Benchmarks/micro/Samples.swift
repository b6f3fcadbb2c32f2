import ExchangeCore
import Secrets
import StrictJSON
import TestSupport

/// What several subjects are made from: one role, one rule, and the answer of STS that fits them.
enum Samples {
    static let now = Timestamp(seconds: 1_800_000_000)
    static let role = "arn:aws:iam::123456123456:role/test"
    static let session = "octo-org.octo-repo-17"

    static let policy = """
        version: 1
        issuers:
          - name: vela
            url: \(VelaClaims.issuer)
            audiences: [sts.amazonaws.com]
            claims: vela
            keys_file: vela.json
        rules:
          - name: octo-repo
            issuer: vela
            condition:
              StringLike: {sub: "repo:octo-org/octo-repo:*", image: "registry.example.com/vela-aws-credentials:1.*"}
              StringEquals: {aud: sts.amazonaws.com, event: [push, tag]}
              Bool: {commands: false, pull_fork: false}
            roles: ["\(role)"]
            regions: [us-east-1]
            max_duration: 1h
            session_name: "{repo_org}.{repo_name}-{build_number}"

        """

    /// As AWS sends it, with a session token of AWS's size.
    static let answer = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <SubjectFromWebIdentityToken>repo:octo-org/octo-repo:ref:refs/heads/main:event:push</SubjectFromWebIdentityToken>
            <Audience>sts.amazonaws.com</Audience>
            <AssumedRoleUser>
              <Arn>arn:aws:sts::123456123456:assumed-role/test/\(session)</Arn>
              <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:\(session)</AssumedRoleId>
            </AssumedRoleUser>
            <Credentials>
              <SessionToken>\(String(repeating: "IQoJb3JpZ2luX2VjEA1b2", count: 32))</SessionToken>
              <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
              <Expiration>\((now + .seconds(3600)).description)</Expiration>
              <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
            </Credentials>
            <Provider>arn:aws:iam::123456123456:oidc-provider/vela.example.com</Provider>
            <PackedPolicySize>6</PackedPolicySize>
          </AssumeRoleWithWebIdentityResult>
          <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>
        </AssumeRoleWithWebIdentityResponse>
        """

    /// Different tokens that the rule allows.
    static func tokens(_ count: Int, of issuer: TestIssuer) throws -> [Secret] {
        try (0..<count).map { number in
            try issuer.token(VelaClaims(at: now).with("jti", .string("token-\(number)")).members)
        }
    }
}
