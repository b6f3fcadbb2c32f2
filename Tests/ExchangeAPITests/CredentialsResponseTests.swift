import ExchangeAPI
import Secrets
import StrictJSON
import Testing

@Suite struct CredentialsResponseTests {
    private static let secretKey = "canary/secret+key"
    private static let sessionToken = "canary//session+token==\"\\\n€"

    private func response() -> CredentialsResponse {
        CredentialsResponse(
            accessKeyID: "ASIAEXAMPLE", secretAccessKey: Secret(Self.secretKey),
            sessionToken: Secret(Self.sessionToken),
            expiration: "2026-01-02T03:04:05Z", region: "us-west-2", role: "arn:role", assumedRoleARN: "arn:assumed",
            assumedRoleID: "AROA:name", sessionName: "name", durationSeconds: 3600, packedPolicySize: 6, rule: "octo",
            callerIdentity: .init(arn: "arn:caller", account: "123456123456", userID: "AROA:caller"), requestID: "id-1")
    }

    private func text(_ secret: Secret) -> String {
        secret.withBytes { bytes in String(decoding: [UInt8](bytes), as: UTF8.self) }
    }

    @Test func `writes the document of the design`() {
        let expected =
            #"{"access_key_id":"ASIAEXAMPLE","secret_access_key":"canary/secret+key","#
            + #""session_token":"canary//session+token==\"\\\n€","expiration":"2026-01-02T03:04:05Z","#
            + #""region":"us-west-2","role":"arn:role","assumed_role_arn":"arn:assumed","assumed_role_id":"AROA:name","#
            + #""session_name":"name","duration_seconds":3600,"packed_policy_size":6,"rule":"octo","#
            + #""caller_identity":{"arn":"arn:caller","account":"123456123456","user_id":"AROA:caller"},"#
            + #""request_id":"id-1"}"#
        #expect(text(response().encoded()) == expected)
    }

    @Test func `leaves out what is not known`() {
        var response = response()
        response.packedPolicySize = nil
        response.callerIdentity = nil
        let text = text(response.encoded())
        #expect(!text.contains("packed_policy_size") && !text.contains("caller_identity"))
    }

    @Test func `holds each secret once`() {
        let text = text(response().encoded())
        #expect(text.split(separator: "canary", omittingEmptySubsequences: false).count == 3)
        #expect(text.split(separator: Self.secretKey, omittingEmptySubsequences: false).count == 2)
    }

    @Test func `grows beyond its first buffer`() throws {
        var response = response()
        response.sessionToken = Secret(String(repeating: "0123456789abcdef", count: 1000))
        #expect(try CredentialsResponse(parsing: response.encoded()).sessionToken == response.sessionToken)
    }

    @Test func `is read as it was written`() throws {
        let before = response()
        let after = try CredentialsResponse(parsing: before.encoded())
        #expect(after.secretAccessKey == before.secretAccessKey)
        #expect(after.sessionToken == before.sessionToken)
        #expect(after.callerIdentity == before.callerIdentity)
        #expect(after.encoded() == before.encoded())
    }

    @Test func `shows no secret in descriptions and dumps`() {
        let response = response()
        var dumped = ""
        dump(response, to: &dumped)
        for shown in ["\(response)", String(reflecting: response), dumped, "\(response.encoded())"] {
            #expect(!shown.contains("canary"))
            #expect(shown.contains("<secret>"))
        }
    }

    @Test func `passes over what a newer gateway adds`() throws {
        var object = try object(response())
        object["new_field"] = .array([.null])
        let read = try CredentialsResponse(parsing: Secret(JSONValue.object(object).bytes.span))
        #expect(read.encoded() == response().encoded())
    }

    @Test(arguments: [
        "access_key_id", "secret_access_key", "session_token", "expiration", "region", "role", "assumed_role_arn",
        "assumed_role_id", "session_name", "duration_seconds", "rule", "request_id",
    ])
    func `refuses an answer without a field, or with null in it`(field: String) throws {
        var object = try object(response())
        object[field] = nil
        #expect(try error(reading: .object(object)) == "the field '\(field)' is missing")
        object[field] = .null
        #expect(try error(reading: .object(object)).hasPrefix("the field '\(field)' must be"))
    }

    @Test(arguments: ["arn", "account", "user_id"])
    func `refuses an identity without a field`(field: String) throws {
        var object = try object(response())
        var identity = try #require(object["caller_identity"]?.object)
        identity[field] = nil
        object["caller_identity"] = .object(identity)
        #expect(try error(reading: .object(object)) == "the field '\(field)' is missing")
    }

    @Test(arguments: ["", "[]", "canary", #"{"access_key_id":"canary}"#, #"{"canary":1,"canary":1}"#])
    func `refuses what is no object and quotes nothing of it`(body: String) throws {
        let error = #expect(throws: WireError.self) { try CredentialsResponse(parsing: Secret(body)) }
        #expect(try #require(error).description == "the answer is not a JSON object")
    }

    private func object(_ response: CredentialsResponse) throws -> JSONObject {
        try #require(try response.encoded().withBytes { try JSONValue(parsing: $0) }.object)
    }

    private func error(reading value: JSONValue) throws -> String {
        let error = #expect(throws: WireError.self) { try CredentialsResponse(parsing: Secret(value.bytes.span)) }
        return try #require(error).description
    }
}
