import StrictJSON
import Testing

@testable import ExchangeCore

/// The JSON Schema names just the keys that the reader takes.
@Suite struct PolicySchemaTests {
    @Test func `knows every key of the reader and no other`() throws {
        let schema = try #require(try JSONValue(parsing: PolicySchema.json).object)
        let parts = try #require(schema["$defs"]?.object)
        #expect(keys(schema) == Set(PolicyDocument.keys))
        #expect(keys(parts["issuer"]?.object) == Set(IssuerReader.keys))
        #expect(keys(parts["rule"]?.object) == Set(RuleReader.allowKeys))
        #expect(keys(parts["session_policy"]?.object) == Set(SessionPolicyTermsReader.keys))
        let denied = try #require(parts["rule"]?.object?["then"]?.object)
        #expect(keys(denied) == Set(RuleReader.allowKeys).subtracting(RuleReader.denyKeys))
    }

    private func keys(_ object: JSONObject?) -> Set<String> {
        Set(object?["properties"]?.object?.members.map(\.name) ?? [])
    }
}
