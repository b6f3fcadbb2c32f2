/// The JSON Schema of policy files (draft 2020-12), for editors. The gateway's own reader is stricter.
package enum PolicySchema {
    /// The whole document.
    package static let json = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "vela-aws-gateway policy",
          "description": "Which Vela step may have which AWS role. docs/policy.md explains it.",
          "type": "object",
          "additionalProperties": false,
          "required": ["version"],
          "properties": {
            "version": { "description": "The version of the policy language.", "const": 1 },
            "federation": {
              "description": "Whose token AWS is shown: forward, the step's own, when left out; issuer, one of the gateway's own. One file may hold it.",
              "oneOf": [
                { "$ref": "#/$defs/federation" },
                {
                  "type": "object", "additionalProperties": false, "required": ["mode"],
                  "properties": {
                    "mode": { "$ref": "#/$defs/federation" },
                    "audience": { "description": "aud of the gateway's own tokens; sts.amazonaws.com when left out.", "type": "string", "minLength": 1, "maxLength": 255 }
                  }
                }
              ]
            },
            "issuers": { "description": "Whose tokens are taken.", "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/issuer" } },
            "session_policies": {
              "description": "IAM policies that rules refer to by name.",
              "type": "object",
              "propertyNames": { "$ref": "#/$defs/name" },
              "additionalProperties": { "$ref": "#/$defs/iam_policy" }
            },
            "rules": { "description": "Who gets what.", "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/rule" } }
          },
          "$defs": {
        \(issuer),
        \(rule),
        \(federation),
        \(sessionPolicy),
        \(values)
          }
        }
        """

    /// An operator of a condition, as `ConditionOperator` reads it.
    private static let operators: String = {
        let names = Comparison.allCases.filter { $0 != .null }.map(\.rawValue).joined(separator: "|")
        let prefixes = ConditionOperator.Quantifier.allCases.map(\.rawValue).joined(separator: "|")
        return "^((\(prefixes))?(\(names))(IfExists)?|\(Comparison.null.rawValue))$"
    }()

    private static let fronts = Front.exchanging.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")

    private static let issuer = """
            "issuer": {
              "type": "object",
              "additionalProperties": false,
              "required": ["name", "url", "audiences", "claims"],
              "properties": {
                "name": { "description": "How rules, logs and metrics call it.", "$ref": "#/$defs/name" },
                "url": { "description": "The token's iss, letter by letter.", "type": "string", "pattern": "^https?://" },
                "audiences": { "description": "A token is made out to exactly one of these.", "$ref": "#/$defs/texts" },
                "claims": { "description": "vela checks and normalises Vela's claims.", "enum": ["vela", "generic"] },
                "algorithms": {
                  "description": "RS256 when left out.",
                  "type": "array", "minItems": 1, "items": { "enum": ["RS256", "RS384", "RS512", "ES256", "ES384"] }
                },
                "clock_skew": { "description": "At most 60s; 30s when left out.", "$ref": "#/$defs/duration" },
                "max_token_age": { "description": "60s to 24h since iat; the token's exp alone when left out.", "$ref": "#/$defs/duration" },
                "absent_pull_fork": { "description": "false: an absent pull_fork means no fork (Vela v0.26 only).", "const": false },
                "keys_file": { "description": "A JWK set, instead of fetching one.", "type": "string" },
                "allow_plaintext": { "description": "Fetch keys over http from another host.", "type": "boolean" },
                "one_use": { "$ref": "#/$defs/one_use" },
                "aws_claims": { "description": "pass: claims https://aws.amazon.com/... reach AWS. Refused when left out.", "const": "pass" },
                "disabled": { "description": "true: none of its tokens is taken, and no keys are fetched. For an emergency.", "type": "boolean" }
              }
            }
        """

    private static let rule = """
            "rule": {
              "type": "object",
              "additionalProperties": false,
              "required": ["name", "condition"],
              "properties": {
                "name": { "description": "It is in the answer and the audit.", "$ref": "#/$defs/name" },
                "effect": { "description": "allow when left out. A deny wins over every allow.", "enum": ["allow", "deny"] },
                "issuer": { "description": "Whose tokens. A deny without it binds all.", "$ref": "#/$defs/name" },
                "condition": {
                  "description": "IAM's operators over the token's claims; all must be met.",
                  "type": "object", "minProperties": 1, "additionalProperties": false,
                  "patternProperties": {
                    "\(operators)": {
                      "type": "object", "minProperties": 1, "additionalProperties": { "$ref": "#/$defs/condition_values" }
                    }
                  }
                },
                "roles": {
                  "description": "ARNs; *, ? and {claim} may stand behind role/.",
                  "type": "array", "minItems": 1,
                  "items": { "type": "string", "pattern": "^arn:aws[a-z-]*:iam::[0-9]{12}:role/." }
                },
                "regions": {
                  "description": "The regions whose STS may be asked; the first is the default.",
                  "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^[a-z]+(-[a-z]+)+-[0-9]+$" }
                },
                "max_duration": { "description": "15m to 12h; 1h when left out.", "$ref": "#/$defs/duration" },
                "session_name": { "description": "A template such as {repo_org}.{repo_name}-{build_number}.", "type": "string" },
                "session_policy": { "$ref": "#/$defs/session_policy" },
                "one_use": { "$ref": "#/$defs/one_use" },
                "federation": { "description": "For this rule; the policy's own when left out.", "$ref": "#/$defs/federation" },
                "subject": { "description": "Issuer mode: sub of the gateway's token, such as {sub} or {issuer}:{sub}.", "type": "string", "minLength": 1, "maxLength": 256 },
                "tags": { "$ref": "#/$defs/tags" },
                "source_identity": { "description": "Issuer mode: a template such as {repo_org}.{repo_name}.{build_number}.", "type": "string" },
                "pin_role": { "description": "Issuer mode: the token may assume the granted role alone.", "type": "boolean" },
                "observe": {
                  "description": "Only watch: the condition of an allow is not required, a deny does not bind. At most 30 days.",
                  "type": "object", "additionalProperties": false, "required": ["until"],
                  "properties": { "until": { "description": "A day or a time in UTC.", "type": "string" } }
                }
              },
              "if": { "properties": { "effect": { "const": "deny" } }, "required": ["effect"] },
              "then": { "properties": { "max_duration": false, "session_name": false, "session_policy": false, "one_use": false, \(deniedFederation) } },
              "else": { "required": ["issuer", "roles"] }
            }
        """

    private static let deniedFederation = FederationReader.keys.map { "\"\($0)\": false" }.joined(separator: ", ")

    private static let federation = """
            "federation": { "enum": ["forward", "issuer"] },
            "tags": {
              "description": "Issuer mode: session tags. Keys are literals, values are templates over the token's claims.",
              "type": "object", "minProperties": 1, "maxProperties": \(SessionTag.most),
              "propertyNames": { "minLength": 1, "maxLength": 128, "pattern": "^(?![aA][wW][sS]:)[^{};,]+$" },
              "additionalProperties": {
                "oneOf": [
                  { "type": "string", "minLength": 1, "maxLength": 256 },
                  {
                    "type": "object", "additionalProperties": false, "required": ["value"],
                    "properties": {
                      "value": { "type": "string", "minLength": 1, "maxLength": 256 },
                      "transitive": { "description": "It stays when the session takes another role.", "type": "boolean" }
                    }
                  }
                ]
              }
            }
        """

    private static let sessionPolicy = """
            "session_policy": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "named": { "description": "Session policies that a caller may choose by name.", "$ref": "#/$defs/texts" },
                "default": { "description": "Sent when the caller asks for none.", "type": "string" },
                "ceiling": { "description": "What the caller asks for must be provably within it.", "type": "string" },
                "always": { "description": "Deny statements added to every session.", "$ref": "#/$defs/texts" },
                "managed": {
                  "description": "Managed policies that a caller may choose from.",
                  "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/." }
                }
              },
              "not": { "required": ["ceiling", "managed"] }
            },
            "iam_policy": {
              "description": "An IAM policy in IAM's own grammar, of at most 2,048 characters.",
              "type": "object",
              "required": ["Statement"],
              "properties": {
                "Version": { "const": "2012-10-17" },
                "Id": { "type": "string" },
                "Statement": { "type": ["array", "object"] }
              },
              "additionalProperties": false
            }
        """

    private static let values = """
            "one_use": {
              "description": "Each token gives credentials once, and only by these fronts.",
              "type": "object", "additionalProperties": false, "required": ["fronts"],
              "properties": {
                "fronts": { "type": "array", "minItems": 1, "items": { "enum": [\(fronts)] } }
              }
            },
            "name": { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" },
            "texts": { "type": "array", "minItems": 1, "items": { "type": "string" } },
            "duration": { "type": ["string", "integer"], "pattern": "^[0-9]{1,9}[smh]?$" },
            "condition_values": {
              "oneOf": [
                { "$ref": "#/$defs/scalar" },
                { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/scalar" } }
              ]
            },
            "scalar": { "type": ["string", "boolean", "number"] }
        """
}
