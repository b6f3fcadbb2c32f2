package import Secrets
import StrictJSON

/// The body of a successful `POST /v1/credentials`.
package struct CredentialsResponse: Sendable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    package var sessionToken: Secret
    /// RFC 3339 in UTC, whole seconds.
    package var expiration: String
    package var region: String
    /// The ARN of the role that was asked for.
    package var role: String
    package var assumedRoleARN: String
    package var assumedRoleID: String
    package var sessionName: String
    package var durationSeconds: Int
    /// How full AWS's packed limit for session policies and tags is, in percent; nil when AWS did not say.
    package var packedPolicySize: Int?
    /// The name of the rule that allowed it.
    package var rule: String
    /// The fingerprint of the policy that decided; nil from a gateway that does not tell.
    package var policyDigest: String?
    /// The rules under observation that would have decided otherwise; empty as a rule.
    package var observedRules: [String]
    /// Whose the credentials are; only when the request asked to verify.
    package var callerIdentity: CallerIdentity?
    package var requestID: String

    /// What GetCallerIdentity answered.
    package struct CallerIdentity: Sendable, Equatable {
        package var arn: String
        package var account: String
        package var userID: String

        package init(arn: String, account: String, userID: String) {
            self.arn = arn
            self.account = account
            self.userID = userID
        }
    }

    package init(
        accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret, expiration: String, region: String,
        role: String, assumedRoleARN: String, assumedRoleID: String, sessionName: String, durationSeconds: Int,
        packedPolicySize: Int?, rule: String, policyDigest: String? = nil, observedRules: [String] = [],
        callerIdentity: CallerIdentity? = nil,
        requestID: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.region = region
        self.role = role
        self.assumedRoleARN = assumedRoleARN
        self.assumedRoleID = assumedRoleID
        self.sessionName = sessionName
        self.durationSeconds = durationSeconds
        self.packedPolicySize = packedPolicySize
        self.rule = rule
        self.policyDigest = policyDigest
        self.observedRules = observedRules
        self.callerIdentity = callerIdentity
        self.requestID = requestID
    }
}

extension CredentialsResponse {
    /// The JSON document, written from the secrets' bytes straight into a buffer that is wiped.
    package func encoded() -> Secret {
        var writer = JSONWriter(into: SecretBuilder(capacity: 4096))
        writer.beginObject()
        writer.member("access_key_id", accessKeyID)
        writer.name("secret_access_key")
        secretAccessKey.withBytes { writer.string(utf8: $0) }
        writer.name("session_token")
        sessionToken.withBytes { writer.string(utf8: $0) }
        writer.member("expiration", expiration)
        writer.member("region", region)
        writer.member("role", role)
        writer.member("assumed_role_arn", assumedRoleARN)
        writer.member("assumed_role_id", assumedRoleID)
        writer.member("session_name", sessionName)
        writer.member("duration_seconds", durationSeconds)
        writer.member("packed_policy_size", packedPolicySize)
        writer.member("rule", rule)
        writer.member("policy_digest", policyDigest)
        if !observedRules.isEmpty { writer.member("observed_rules", observedRules) }
        if let callerIdentity {
            writer.name("caller_identity")
            writer.beginObject()
            writer.member("arn", callerIdentity.arn)
            writer.member("account", callerIdentity.account)
            writer.member("user_id", callerIdentity.userID)
            writer.endObject()
        }
        writer.member("request_id", requestID)
        writer.endObject()
        return writer.finish().finish()
    }

    /// Reads an answer. Unknown fields are passed over, so that an older client works with a newer gateway.
    package init(parsing body: Secret) throws(WireError) {
        let reader = FieldReader(try Self.object(in: body))
        self.init(
            accessKeyID: try reader.requiredString("access_key_id"),
            secretAccessKey: Secret(try reader.requiredString("secret_access_key")),
            sessionToken: Secret(try reader.requiredString("session_token")),
            expiration: try reader.requiredString("expiration"),
            region: try reader.requiredString("region"),
            role: try reader.requiredString("role"),
            assumedRoleARN: try reader.requiredString("assumed_role_arn"),
            assumedRoleID: try reader.requiredString("assumed_role_id"),
            sessionName: try reader.requiredString("session_name"),
            durationSeconds: try reader.requiredInteger("duration_seconds"),
            packedPolicySize: try reader.integer("packed_policy_size"),
            rule: try reader.requiredString("rule"),
            policyDigest: try reader.string("policy_digest"),
            observedRules: try reader.strings("observed_rules"),
            callerIdentity: try reader.callerIdentity("caller_identity"),
            requestID: try reader.requiredString("request_id"))
    }

    private static func object(in body: Secret) throws(WireError) -> JSONObject {
        let value: JSONValue?
        // The parser's reason is dropped on purpose: it could quote a byte of a credential.
        value = body.withBytes { try? JSONValue(parsing: $0) }
        guard let object = value?.object else { throw WireError("the answer is not a JSON object") }
        return object
    }
}

extension FieldReader {
    fileprivate func callerIdentity(_ name: String) throws(WireError) -> CredentialsResponse.CallerIdentity? {
        guard let object = try object(name) else { return nil }
        let reader = FieldReader(object)
        return CredentialsResponse.CallerIdentity(
            arn: try reader.requiredString("arn"), account: try reader.requiredString("account"),
            userID: try reader.requiredString("user_id"))
    }
}
