import ExchangeAPI
import StrictJSON
import Testing

@Suite struct CredentialsRequestTests {
    private static let everything = #"""
        {"role":"arn:aws:iam::123456123456:role/test","region":"us-west-2","duration_seconds":3600,
         "session_name":"vela","inline_session_policy":{"Version":"2012-10-17","Statement":[]},
         "managed_session_policies":["arn:a","arn:b"],"verify":true}
        """#

    @Test func `reads every field`() throws {
        let request = try CredentialsRequest(parsing: Array(Self.everything.utf8))
        #expect(request.role == "arn:aws:iam::123456123456:role/test")
        #expect(request.region == "us-west-2")
        #expect(request.durationSeconds == 3600)
        #expect(request.sessionName == "vela")
        let policy = try #require(try JSONValue(parsing: #"{"Version":"2012-10-17","Statement":[]}"#).object)
        #expect(request.inlineSessionPolicy == .object(policy))
        #expect(request.managedSessionPolicies == ["arn:a", "arn:b"])
        #expect(request.sessionPolicy == nil)
        #expect(request.verify)
    }

    @Test func `needs the role alone`() throws {
        let request = try CredentialsRequest(parsing: Array(#" {"role":"r"} "#.utf8))
        #expect(request == CredentialsRequest(role: "r"))
        #expect(request.region == nil && request.durationSeconds == nil && request.sessionName == nil)
        #expect(request.inlineSessionPolicy == nil && request.sessionPolicy == nil)
        #expect(request.managedSessionPolicies.isEmpty && !request.verify)
    }

    @Test func `reads a session policy written as text, and the name of one`() throws {
        let text = try CredentialsRequest(parsing: Array(#"{"role":"r","inline_session_policy":"{\"a\":1}"}"#.utf8))
        #expect(text.inlineSessionPolicy == .text(#"{"a":1}"#))
        let name = try CredentialsRequest(parsing: Array(#"{"role":"r","session_policy":"read-only"}"#.utf8))
        #expect(name.sessionPolicy == "read-only")
        let both = #"{"role":"r","session_policy":"n","managed_session_policies":["a"]}"#
        #expect(try CredentialsRequest(parsing: Array(both.utf8)).managedSessionPolicies == ["a"])
    }

    private static let refusals: [(String, String)] = [
        // The document.
        ("", "not valid JSON"), ("{", "not valid JSON"), (#"{"role":"r"}x"#, "not valid JSON"),
        (#"{"role":"r","role":"r"}"#, "occurs twice"), (#"{"role":"r","\u0072ole":"s"}"#, "occurs twice"),
        ("null", "a JSON object, not null"), ("[]", "a JSON object, not an array"), (#""role""#, "not a string"),
        ("1", "not a number"), ("true", "not a boolean"),
        // The role.
        ("{}", "'role' is required"), (#"{"region":"us-east-1"}"#, "'role' is required"),
        (#"{"role":null}"#, "'role' must be a string, not null"),
        (#"{"role":1}"#, "'role' must be a string, not a number"),
        (#"{"role":["r"]}"#, "'role' must be a string, not an array"),
        // The other strings.
        (#"{"role":"r","region":null}"#, "'region' must be a string, not null"),
        (#"{"role":"r","region":{}}"#, "'region' must be a string, not an object"),
        (#"{"role":"r","session_name":7}"#, "'session_name' must be a string, not a number"),
        (#"{"role":"r","session_policy":{}}"#, "'session_policy' must be a string, not an object"),
        (#"{"role":"r","session_policy":null}"#, "'session_policy' must be a string, not null"),
        // The duration.
        (#"{"role":"r","duration_seconds":"3600"}"#, "'duration_seconds' must be an integer, not a string"),
        (#"{"role":"r","duration_seconds":null}"#, "'duration_seconds' must be an integer, not null"),
        (#"{"role":"r","duration_seconds":true}"#, "'duration_seconds' must be an integer, not a boolean"),
        (#"{"role":"r","duration_seconds":3600.0}"#, "without fraction and exponent"),
        (#"{"role":"r","duration_seconds":36e2}"#, "without fraction and exponent"),
        (#"{"role":"r","duration_seconds":9223372036854775808}"#, "integer of 64 bits"),
        // The policies.
        (
            #"{"role":"r","inline_session_policy":null}"#,
            "'inline_session_policy' must be an object or a string, not null"
        ),
        (
            #"{"role":"r","inline_session_policy":[]}"#,
            "'inline_session_policy' must be an object or a string, not an array"
        ),
        (#"{"role":"r","managed_session_policies":"arn"}"#, "must be an array of strings, not a string"),
        (#"{"role":"r","managed_session_policies":null}"#, "must be an array of strings, not null"),
        (#"{"role":"r","managed_session_policies":["a",1]}"#, "must hold only strings, not a number"),
        (#"{"role":"r","managed_session_policies":[null]}"#, "must hold only strings, not null"),
        (#"{"role":"r","session_policy":"n","inline_session_policy":{}}"#, "exclude each other"),
        (#"{"role":"r","session_policy":"","inline_session_policy":""}"#, "exclude each other"),
        // The flag.
        (#"{"role":"r","verify":1}"#, "'verify' must be true or false, not a number"),
        (#"{"role":"r","verify":"true"}"#, "'verify' must be true or false, not a string"),
        (#"{"role":"r","verify":null}"#, "'verify' must be true or false, not null"),
        // Unknown fields.
        (
            #"{"role":"r","durationSeconds":1}"#,
            "unknown field 'durationSeconds'; the fields are role, region, duration_seconds"
        ),
        (#"{"Role":"r"}"#, "unknown field 'Role'"), (#"{"role":"r","token":"t"}"#, "unknown field 'token'"),
        (#"{"role":"r","":1}"#, "unknown field ''"), (#"{"role ":"r"}"#, "unknown field 'role '"),
        (#"{"role":"r","a\n\u001b[31m\u202e":1}"#, #"unknown field 'a\n\u{1B}[31m\u{202E}'"#),
    ]

    @Test(arguments: refusals) func `refuses a body and says why`(body: String, reason: String) throws {
        let error = #expect(throws: WireError.self) { try CredentialsRequest(parsing: Array(body.utf8)) }
        #expect(try #require(error).description.contains(reason))
    }

    @Test func `does not show a field's name that is long enough to be a token`() throws {
        let name = String(repeating: "n", count: 65)
        let error = #expect(throws: WireError.self) {
            try CredentialsRequest(parsing: Array(#"{"role":"r","\#(name)":1}"#.utf8))
        }
        let text = try #require(error).description
        #expect(text.contains("with a name of 65 bytes") && !text.contains("nn"))
    }

    @Test func `is read as it was written`() throws {
        var request = CredentialsRequest(role: "arn:aws:iam::123456123456:role/é\"\\")
        #expect(String(decoding: CredentialsRequest(role: "r").bytes, as: UTF8.self) == #"{"role":"r"}"#)
        #expect(try CredentialsRequest(parsing: request.bytes) == request)
        request.region = "eu-central-1"
        request.durationSeconds = 900
        request.sessionName = "name"
        request.managedSessionPolicies = ["a", "b"]
        request.verify = true
        request.sessionPolicy = "kept"
        #expect(try CredentialsRequest(parsing: request.bytes) == request)
        request.sessionPolicy = nil
        request.inlineSessionPolicy = .text("{}")
        #expect(try CredentialsRequest(parsing: request.bytes) == request)
        request.inlineSessionPolicy = .object(JSONObject([.init("Version", .string("2012-10-17"))]))
        #expect(try CredentialsRequest(parsing: request.bytes) == request)
    }

    @Test func `differs from a request with another field, and from one spelt with other bytes`() {
        let plain = CredentialsRequest(role: "K")
        #expect(plain != CredentialsRequest(role: "\u{212A}"))
        var other = plain
        other.verify = true
        #expect(plain != other)
        other = plain
        other.sessionPolicy = "x"
        #expect(plain != other)
        var object = plain
        object.inlineSessionPolicy = .object(JSONObject())
        other = plain
        other.inlineSessionPolicy = .text("{}")
        #expect(object != other)
    }
}
