extension OpenAPIDocument {
    static let credentials = """
            "/v1/credentials": {
              "post": {
                "operationId": "credentials", "tags": ["native"], "summary": "Exchange an ID token for credentials.",
                "security": [{ "idToken": [] }],
                "requestBody": {
                  "required": true,
                  "content": {
                    "application/json": {
                      "schema": { "$ref": "#/components/schemas/CredentialsRequest" },
                      "example": { "role": "arn:aws:iam::123456123456:role/test", "region": "us-east-1", "duration_seconds": 900 }
                    }
                  }
                },
                "responses": {
                  "200": {
                    "description": "Credentials, after their audit record was written.",
                    "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestID" } },
                    "content": {
                      "application/json": {
                        "schema": { "$ref": "#/components/schemas/Credentials" },
                        "example": {
                          "access_key_id": "ASIAIOSFODNN7EXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                          "session_token": "IQoJb3JpZ2luX2VjEXAMPLE", "expiration": "2026-01-02T03:04:05Z", "region": "us-east-1",
                          "role": "arn:aws:iam::123456123456:role/test",
                          "assumed_role_arn": "arn:aws:sts::123456123456:assumed-role/test/vela",
                          "assumed_role_id": "AROA123EXAMPLE123:vela", "session_name": "vela", "duration_seconds": 900,
                          "rule": "octo-repo", "request_id": "0123456789abcdef0123456789abcdef"
                        }
                      }
                    }
                  },
        \(problems(of: .credentials))
                }
              }
            }
        """

    static let whoami = """
            "/v1/whoami": {
              "post": {
                "operationId": "whoami", "tags": ["native"],
                "summary": "Show the caller's own verified claims, as the policy reads them. It takes no body and no parameters.",
                "security": [{ "idToken": [] }],
                "responses": {
                  "200": {
                    "description": "The claims. The rules are there only with the setting 'whoami: rules'.",
                    "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestID" } },
                    "content": {
                      "application/json": {
                        "schema": { "$ref": "#/components/schemas/Identity" },
                        "example": {
                          "issuer": "vela", "claims": { "repo": "octo-org/octo-repo", "event": "push", "pull_fork": "false" },
                          "request_id": "0123456789abcdef0123456789abcdef"
                        }
                      }
                    }
                  },
        \(problems(of: .whoami))
                }
              }
            }
        """

    static let sts = """
            "/": {
              "post": {
                "operationId": "sts", "tags": ["sdk"],
                "summary": "AssumeRoleWithWebIdentity of STS's query protocol, for AWS_ENDPOINT_URL_STS.",
                \(stsBody),
                "responses": {
        \(stsResponses(of: .sts))
                }
              }
            }
        """

    static let stsProfile = """
            "/sts/{profile}": {
              "post": {
                "operationId": "stsProfile", "tags": ["sdk"],
                "summary": "The same with defaults of the setting sts_profiles for what the request leaves out.",
                "parameters": [
                  {
                    "name": "profile", "in": "path", "required": true, "example": "artifacts",
                    "schema": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" }
                  }
                ],
                \(stsBody),
                "responses": {
        \(stsResponses(of: .stsProfile))
                }
              }
            }
        """

    private static let stsBody = """
        "requestBody": {
                  "required": true,
                  "content": {
                    "application/x-www-form-urlencoded": {
                      "schema": { "$ref": "#/components/schemas/AssumeRoleWithWebIdentity" },
                      "example": {
                        "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleSessionName": "octo-repo-42",
                        "RoleArn": "arn:aws:iam::123456123456:role/test", "WebIdentityToken": "header.payload.signature"
                      }
                    }
                  }
                }
        """

    static let container = """
            "/v1/container-credentials": {
              "get": {
                "operationId": "containerCredentials", "tags": ["sdk"],
                "summary": "The container credentials provider, for AWS_CONTAINER_CREDENTIALS_FULL_URI.",
                "security": [{ "rawToken": [] }],
                "parameters": [
                  {
                    "name": "role", "in": "query", "required": true, "example": "arn:aws:iam::123456123456:role/test",
                    "description": "The only parameter that the address may have.",
                    "schema": { "$ref": "#/components/schemas/RoleARN" }
                  }
                ],
                "responses": {
                  "200": {
                    "description": "Credentials, after their audit record was written.",
                    "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestID" } },
                    "content": {
                      "application/json": {
                        "schema": { "$ref": "#/components/schemas/ContainerCredentials" },
                        "example": {
                          "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                          "Token": "IQoJb3JpZ2luX2VjEXAMPLE", "Expiration": "2026-01-02T03:04:05Z"
                        }
                      }
                    }
                  },
        \(problems(of: .container))
                }
              }
            }
        """

    /// What is served to anybody, by HEAD as by GET.
    static let documents = """
            "/openapi.json": {
              "get": \(document("openapi", "This document.", "application/json", #"{ "type": "object" }"#, of: .openAPI)),
              "head": \(head("openapiHead", of: .openAPI))
            },
            "/errors/{code}": {
              "parameters": [
                {
                  "name": "code", "in": "path", "required": true, "example": "policy_denied",
                  "schema": { "$ref": "#/components/schemas/Code" }
                }
              ],
              "get": \(document("errorPage", "What a problem's type names: cause and remedy.", "text/plain", #"{ "type": "string" }"#, of: .errorPage)),
              "head": \(head("errorPageHead", of: .errorPage))
            }
        """

    private static func document(
        _ id: String, _ summary: String, _ mediaType: String, _ schema: String, of route: ServiceRoutes.Route
    ) -> String {
        """
        {
                "operationId": "\(id)", "tags": ["documents"], "summary": "\(summary)",
                "responses": {
                  "200": {
                    "description": "The document.",
                    "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestID" } },
                    "content": { "\(mediaType)": { "schema": \(schema) } }
                  },
        \(problems(of: route))
                }
              }
        """
    }

    private static func head(_ id: String, of route: ServiceRoutes.Route) -> String {
        let statuses = problemStatuses(of: route).map { #", "\#($0)": { "description": "As GET." }"# }.joined()
        return """
            { "operationId": "\(id)", "tags": ["documents"], "responses": { "200": { "description": "As GET." }\(statuses) } }
            """
    }
}
