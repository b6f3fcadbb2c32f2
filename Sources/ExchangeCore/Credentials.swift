package import Secrets
package import StrictJSON

/// Short-lived AWS credentials, as STS gave them and checked against the grant.
package struct Credentials: Sendable {
    /// Not a secret: it stands in CloudTrail and in our audit.
    package let accessKeyID: String
    package let secretAccessKey: Secret
    package let sessionToken: Secret
    package let expiration: Timestamp
    /// `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
    package let assumedRoleARN: String
    /// `AROA..:SESSION`.
    package let assumedRoleID: String
    /// How full AWS's packed limit is, in percent; nil when the answer did not say.
    package let packedPolicySize: Int?
    /// AWS's id of the call that made them; nil when the answer had none.
    package let stsRequestID: String?

    package init(
        accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret, expiration: Timestamp,
        assumedRoleARN: String, assumedRoleID: String, packedPolicySize: Int?, stsRequestID: String?
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.assumedRoleARN = assumedRoleARN
        self.assumedRoleID = assumedRoleID
        self.packedPolicySize = packedPolicySize
        self.stsRequestID = stsRequestID
    }
}
