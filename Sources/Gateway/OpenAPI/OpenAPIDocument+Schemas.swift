import ExchangeAPI
import ExchangeCore

extension OpenAPIDocument {
    private static let partitions = Partition.allCases.map(\.rawValue).joined(separator: "|")

    static let requestSchemas = #"""
              "RoleARN": {
                "type": "string", "minLength": 20, "maxLength": 2048,
                "pattern": "^arn:(\#(partitions)):iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}$"
              },
              "ManagedPolicyARN": {
                "type": "string", "minLength": 20, "maxLength": 2048,
                "pattern": "^arn:(\#(partitions)):iam::([0-9]{12}|aws):policy/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,128}$"
              },
              "SessionName": { "type": "string", "pattern": "^[A-Za-z0-9+=,.@_-]{2,64}$" },
              "Region": { "type": "string", "minLength": 6, "maxLength": 32, "pattern": "^[a-z]+(-[a-z]+)+-[0-9]+$" },
              "CredentialsRequest": {
                "type": "object", "additionalProperties": false, "required": ["role"],
                "not": { "required": ["session_policy", "inline_session_policy"] },
                "properties": {
                  "role": { "$ref": "#/components/schemas/RoleARN" },
                  "region": { "description": "Left out: the rule's, or the usual one.", "$ref": "#/components/schemas/Region" },
                  "duration_seconds": { "type": "integer", "minimum": 900, "maximum": 43200 },
                  "session_name": { "description": "A rule's own wins.", "$ref": "#/components/schemas/SessionName" },
                  "inline_session_policy": {
                    "description": "A policy as an object, or the text of one.", "type": ["object", "string"]
                  },
                  "managed_session_policies": {
                    "type": "array", "items": { "$ref": "#/components/schemas/ManagedPolicyARN" }
                  },
                  "session_policy": { "description": "The name of one kept on the gateway.", "type": "string" },
                  "verify": { "description": "Ask AWS whose the credentials are, before they are given.", "type": "boolean" }
                }
              },
              "AssumeRoleWithWebIdentity": {
                "type": "object", "additionalProperties": false,
                "required": ["Action", "Version", "RoleArn", "RoleSessionName", "WebIdentityToken"],
                "properties": {
                  "Action": { "const": "AssumeRoleWithWebIdentity" },
                  "Version": { "const": "2011-06-15" },
                  "RoleArn": { "$ref": "#/components/schemas/RoleARN" },
                  "RoleSessionName": { "$ref": "#/components/schemas/SessionName" },
                  "WebIdentityToken": { "type": "string", "minLength": 4, "maxLength": 20000 },
                  "DurationSeconds": { "type": "integer", "minimum": 900, "maximum": 43200 },
                  "Policy": { "type": "string", "minLength": 1, "maxLength": 2048 },
        \#(policyARNs)
                }
              }
        """#

    /// They count from 1 without gaps.
    private static let policyARNs = (1...10).map { number in
        ##"          "PolicyArns.member.\##(number).arn": { "$ref": "#/components/schemas/ManagedPolicyARN" }"##
    }.joined(separator: ",\n")

    static let answerSchemas = #"""
              "Credentials": {
                "type": "object", "additionalProperties": false,
                "required": [
                  "access_key_id", "secret_access_key", "session_token", "expiration", "region", "role", "assumed_role_arn",
                  "assumed_role_id", "session_name", "duration_seconds", "rule", "request_id"
                ],
                "properties": {
                  "access_key_id": { "type": "string" },
                  "secret_access_key": { "type": "string" },
                  "session_token": { "type": "string" },
                  "expiration": { "type": "string", "format": "date-time" },
                  "region": { "$ref": "#/components/schemas/Region" },
                  "role": { "$ref": "#/components/schemas/RoleARN" },
                  "assumed_role_arn": { "type": "string" },
                  "assumed_role_id": { "type": "string" },
                  "session_name": { "$ref": "#/components/schemas/SessionName" },
                  "duration_seconds": { "type": "integer", "minimum": 900, "maximum": 43200 },
                  "packed_policy_size": { "description": "Percent of AWS's limit; absent when AWS did not say.", "type": "integer" },
                  "rule": { "description": "The rule that allowed it.", "type": "string" },
                  "policy_digest": { "description": "SHA-256 of the policy that decided.", "type": "string" },
                  "observed_rules": {
                    "description": "Rules under observation that would have decided otherwise.",
                    "type": "array", "items": { "type": "string" }
                  },
                  "caller_identity": {
                    "description": "Only when 'verify' was asked.",
                    "type": "object", "additionalProperties": false, "required": ["arn", "account", "user_id"],
                    "properties": { "arn": { "type": "string" }, "account": { "type": "string" }, "user_id": { "type": "string" } }
                  },
                  "request_id": { "type": "string" }
                }
              },
              "ContainerCredentials": {
                "type": "object", "additionalProperties": false,
                "required": ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"],
                "properties": {
                  "AccessKeyId": { "type": "string" }, "SecretAccessKey": { "type": "string" }, "Token": { "type": "string" },
                  "Expiration": { "type": "string", "format": "date-time" }
                }
              },
              "Identity": {
                "type": "object", "additionalProperties": false, "required": ["issuer", "claims", "request_id"],
                "properties": {
                  "issuer": { "description": "As the policy names it.", "type": "string" },
                  "claims": { "type": "object" },
                  "unknown_claims": {
                    "description": "Claims whose absence says nothing.", "type": "array", "items": { "type": "string" }
                  },
                  "rules": {
                    "description": "Allow rules whose condition the claims meet.", "type": "array", "items": { "type": "string" }
                  },
                  "request_id": { "type": "string" }
                }
              },
              "Code": { "type": "string", "enum": [\#(ProblemCode.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))] },
              "Problem": {
                "type": "object", "required": ["type", "title", "status", "detail", "code", "retryable", "request_id"],
                "properties": {
                  "type": { "description": "The page about this code, relative to the gateway.", "type": "string" },
                  "title": { "type": "string" },
                  "status": { "type": "integer" },
                  "detail": { "description": "What is wrong and what to do.", "type": "string" },
                  "code": { "$ref": "#/components/schemas/Code" },
                  "retryable": { "description": "Whether the same request can succeed later.", "type": "boolean" },
                  "request_id": { "type": "string" }
                }
              },
              "ContainerError": {
                "type": "object", "additionalProperties": false, "required": ["code", "message"],
                "properties": { "code": { "$ref": "#/components/schemas/Code" }, "message": { "type": "string" } }
              }
        """#
}
