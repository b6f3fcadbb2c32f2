package import Secrets
package import StrictJSON

/// The body of a successful `POST /v1/whoami`: who the caller is to the gateway.
package struct WhoamiResponse: Sendable, Equatable {
    /// The gateway's name for the issuer of the token.
    package var issuer: String
    /// The verified claims as the policy reads them, derived ones included.
    package var claims: JSONObject
    /// The claims whose absence says nothing; empty as a rule.
    package var unknownClaims: [String]
    /// The names of the rules whose condition the claims meet; nil from a gateway that does not tell.
    package var rules: [String]?
    package var requestID: String

    package init(
        issuer: String, claims: JSONObject, unknownClaims: [String], rules: [String]?, requestID: String
    ) {
        self.issuer = issuer
        self.claims = claims
        self.unknownClaims = unknownClaims
        self.rules = rules
        self.requestID = requestID
    }
}

extension WhoamiResponse {
    /// The JSON document. It holds no secret.
    package var bytes: [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("issuer", issuer)
        writer.name("claims")
        writer.value(.object(claims))
        if !unknownClaims.isEmpty { writer.member("unknown_claims", unknownClaims) }
        if let rules { writer.member("rules", rules) }
        writer.member("request_id", requestID)
        writer.endObject()
        return writer.finish()
    }

    /// Reads an answer. Unknown fields are passed over, so that an older client works with a newer gateway.
    package init(parsing body: Secret) throws(WireError) {
        let value: JSONValue? = body.withBytes { try? JSONValue(parsing: $0) }  // That it is none is reason enough.
        guard let object = value?.object else { throw WireError("the answer is not a JSON object") }
        let reader = FieldReader(object)
        guard let claims = try reader.object("claims") else { throw WireError("the field 'claims' is missing") }
        self.init(
            issuer: try reader.requiredString("issuer"), claims: claims,
            unknownClaims: try reader.strings("unknown_claims"),
            rules: object["rules"] == nil ? nil : try reader.strings("rules"),
            requestID: try reader.requiredString("request_id"))
    }
}
