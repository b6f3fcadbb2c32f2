import ExchangeCore
import StrictJSON

/// What an issuer publishes: its discovery document and its key set.
struct IssuerDocuments: Sendable {
    let issuer: OwnIssuerURL
    /// The public halves, oldest first.
    let publicKeys: [JSONObject]

    /// Where they lie below the issuer's URL. The first is OpenID Connect Discovery 1.0 section 4's.
    static let discoveryPath = "/.well-known/openid-configuration"
    static let keySetPath = "/.well-known/jwks.json"

    /// The discovery document. It says what is true and no more: there is no endpoint to log in at.
    var discovery: [UInt8] {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("issuer", issuer.description)
        writer.member("jwks_uri", issuer.description + Self.keySetPath)
        writer.member("response_types_supported", ["id_token"])
        writer.member("subject_types_supported", ["public"])
        writer.member("id_token_signing_alg_values_supported", algorithms)
        writer.member("claims_supported", TokenMinter.claimNames)
        writer.endObject()
        return writer.finish()
    }

    /// The JWK set, RFC 7517 section 5.
    var keySet: [UInt8] {
        JSONValue.object(JSONObject([.init("keys", .array(publicKeys.map(JSONValue.object)))])).bytes
    }

    /// Those of the published keys, each once.
    private var algorithms: [String] { Set(publicKeys.compactMap { $0["alg"]?.string }).sorted() }
}
