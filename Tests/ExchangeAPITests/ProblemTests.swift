import ExchangeAPI
import Testing

@Suite struct ProblemTests {
    private let problem = Problem(
        code: "token_expired", title: "The token has expired", status: 401, detail: "Ask \"Vela\" again.",
        retryable: false,
        requestID: "id-1")

    @Test func `writes the members of RFC 9457 and ours`() {
        let expected =
            #"{"type":"/errors/token_expired","title":"The token has expired","status":401,"#
            + #""detail":"Ask \"Vela\" again.","#
            + #""code":"token_expired","retryable":false,"request_id":"id-1"}"#
        #expect(String(decoding: problem.bytes, as: UTF8.self) == expected)
        #expect(Problem.mediaType == "application/problem+json")
    }

    @Test func `is read as it was written`() throws {
        #expect(try Problem(parsing: problem.bytes.span) == problem)
        var other = problem
        other.retryable = true
        #expect(try Problem(parsing: other.bytes.span) == other)
    }

    @Test func `reads a code that it does not know, with members that it does not know`() throws {
        let text = #"{"code":"new_code","type":"about:blank","instance":"/x","extra":{"a":[1]}}"#
        let expected = Problem(code: "new_code", title: "", status: 0, detail: "", retryable: false, requestID: "")
        #expect(try Problem(parsing: text.utf8.span) == expected)
    }

    @Test(arguments: [
        ("", "not valid JSON"), ("<html>", "not valid JSON"), ("[]", "not a JSON object"), ("{}", "'code' is missing"),
        (#"{"code":1}"#, "'code' must be a string, not a number"),
        (#"{"code":null}"#, "'code' must be a string, not null"),
        (#"{"code":"c","status":"401"}"#, "'status' must be an integer"),
        (#"{"code":"c","retryable":"yes"}"#, "'retryable' must be true or false"),
        (#"{"code":"c","detail":[]}"#, "'detail' must be a string"), (#"{"code":"c","code":"d"}"#, "occurs twice"),
    ])
    func `refuses what is no problem of ours`(text: String, reason: String) throws {
        let error = #expect(throws: WireError.self) { try Problem(parsing: text.utf8.span) }
        #expect(try #require(error).description.contains(reason))
    }

    /// Written out: a caller's program goes by these texts, so none may change with a rename.
    @Test func `has the codes of design section 4,1`() {
        let codes = [
            "invalid_request", "not_found", "method_not_allowed", "request_too_large", "unsupported_media_type",
            "client_certificate",
            "token_missing", "token_malformed", "token_signature_invalid", "token_unknown_issuer",
            "token_issuer_disabled", "token_unknown_key",
            "token_expired", "token_not_yet_valid", "token_audience", "token_type", "token_claims", "token_too_old",
            "token_replayed",
            "emergency_denied", "emergency_unknown", "policy_denied", "role_not_allowed", "front_not_allowed",
            "duration_not_allowed",
            "session_policy_not_allowed",
            "region_not_allowed",
            "session_policy_too_large", "session_policy_malformed",
            "rate_limited", "sts_rejected", "sts_invalid_response", "sts_throttled", "sts_timeout",
            "overloaded", "draining", "audit_unavailable", "keys_unavailable",
            "one_use_unavailable", "issuer_unpublished",
        ]
        #expect(ProblemCode.allCases.map(\.rawValue).sorted() == codes.sorted())
    }
}
