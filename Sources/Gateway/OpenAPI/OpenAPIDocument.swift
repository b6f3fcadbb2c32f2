/// The description of the service listener in OpenAPI 3.1, served at `/openapi.json`.
///
/// Written here, beside what it describes: codes, statuses, titles and the example of a problem come from the types that answer with
/// them. The rest is kept true by schemathesis (Tests/FrontTests/test_openapi.py), which sends what the document allows and forbids.
enum OpenAPIDocument {
    /// The whole document.
    static let json = """
        {
          "openapi": "3.1.0",
          "info": {
            "title": "vela-aws-gateway",
            "version": "\(Version.number)",
            "summary": "Exchanges a Vela step's ID token for short-lived AWS credentials.",
            "description": "docs/api.md explains it. Every answer but those that the HTTP library gives by itself has an X-Request-Id, under which the gateway's operator finds the reason."
          },
          "tags": [
            { "name": "native", "description": "For vela-aws-credentials and own programs. Errors are problem documents (RFC 9457)." },
            { "name": "sdk", "description": "For unmodified AWS SDKs and tools, in AWS's words." },
            { "name": "documents", "description": "Nothing that concerns a caller." }
          ],
          "paths": {
        \(credentials),
        \(whoami),
        \(sts),
        \(stsProfile),
        \(container),
        \(documents)
          },
          "components": {
            "securitySchemes": {
              "idToken": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The Vela ID token." },
              "rawToken": {
                "type": "apiKey", "in": "header", "name": "Authorization",
                "description": "The Vela ID token, alone or after 'Bearer '."
              }
            },
            "headers": {
              "RequestID": {
                "description": "The gateway's id of the request.", "required": true,
                "schema": { "type": "string", "pattern": "^[0-9a-f]{32}$" }
              },
              "RetryAfter": {
                "description": "Whole seconds to wait, where waiting helps.", "schema": { "type": "integer", "minimum": 1 }
              }
            },
            "schemas": {
        \(requestSchemas),
        \(answerSchemas)
            }
          }
        }
        """
}
