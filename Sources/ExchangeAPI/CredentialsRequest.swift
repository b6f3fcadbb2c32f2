package import StrictJSON

/// The body of `POST /v1/credentials`: what a step asks for. The token travels in the Authorization header.
package struct CredentialsRequest: Sendable, Equatable {
    /// The ARN of the role to assume.
    package var role: String
    /// The AWS region whose STS is called and which the credentials are meant for; nil leaves it to the gateway.
    package var region: String?
    /// The lifetime asked for, in seconds; nil leaves it to the rule.
    package var durationSeconds: Int?
    /// The role session name; a rule's own wins over it.
    package var sessionName: String?
    /// A session policy in full.
    package var inlineSessionPolicy: InlineSessionPolicy?
    /// ARNs of managed policies to bound the session by. Empty means none.
    package var managedSessionPolicies: [String]
    /// The name of a session policy kept on the gateway.
    package var sessionPolicy: String?
    /// Whether the gateway shall prove that the credentials live by GetCallerIdentity.
    package var verify: Bool

    /// Asks for `role` and nothing else.
    package init(role: String) {
        self.role = role
        managedSessionPolicies = []
        verify = false
    }
}

/// A session policy as a caller writes it: a JSON object, or the text of one.
package enum InlineSessionPolicy: Sendable, Equatable {
    case object(JSONObject)
    case text(String)
}

extension CredentialsRequest {
    /// Two requests are equal when their documents are, byte by byte: Swift's `==` on strings is too generous.
    package static func == (left: CredentialsRequest, right: CredentialsRequest) -> Bool { left.bytes == right.bytes }

    private static let fields = [
        "role", "region", "duration_seconds", "session_name", "inline_session_policy", "managed_session_policies",
        "session_policy", "verify",
    ]

    /// Reads a request body. Unknown fields, wrong types and contradictions are refused by name.
    package init(parsing body: [UInt8]) throws(WireError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body)
        } catch {
            throw WireError("the body is not valid JSON: \(error)")
        }
        guard let object = value.object else { throw WireError("the body must be a JSON object, not \(value.kind)") }
        try self.init(object)
    }

    private init(_ object: JSONObject) throws(WireError) {
        let reader = FieldReader(object)
        try reader.refuseUnknown(besides: Self.fields)
        guard let role = try reader.string("role") else { throw WireError("the field 'role' is required") }
        self.init(role: role)
        region = try reader.string("region")
        durationSeconds = try reader.integer("duration_seconds")
        sessionName = try reader.string("session_name")
        inlineSessionPolicy = try reader.inlineSessionPolicy("inline_session_policy")
        managedSessionPolicies = try reader.strings("managed_session_policies")
        sessionPolicy = try reader.string("session_policy")
        verify = try reader.bool("verify") ?? false
        if sessionPolicy != nil, inlineSessionPolicy != nil {
            throw WireError("'session_policy' and 'inline_session_policy' exclude each other: send one of them")
        }
    }

    /// The JSON document of this request. It holds no secret.
    package var bytes: [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("role", role)
        writer.member("region", region)
        writer.member("duration_seconds", durationSeconds)
        writer.member("session_name", sessionName)
        switch inlineSessionPolicy {
        case .object(let object):
            writer.name("inline_session_policy")
            writer.value(.object(object))
        case .text(let text): writer.member("inline_session_policy", text)
        case nil: break
        }
        if !managedSessionPolicies.isEmpty { writer.member("managed_session_policies", managedSessionPolicies) }
        writer.member("session_policy", sessionPolicy)
        if verify { writer.member("verify", true) }
        writer.endObject()
        return writer.finish()
    }
}
