import StrictJSON

/// The header of a signed token, RFC 7515 section 4, strictly: no critical extensions and no keys brought along.
struct TokenHeader {
    /// The name as written; the issuer's allow-list decides on it.
    let algorithm: String
    let keyID: String

    /// Members that would change what is signed or bring the key that verifies it (RFC 7515 sections 4.1.2 to 4.1.6 and
    /// 4.1.11, RFC 7797). Their mere presence refuses the token.
    private static let forbidden = ["crit", "b64", "jwk", "jku", "x5u", "x5c"]

    init(_ members: JSONObject) throws(Refusal) {
        for name in Self.forbidden where members[name] != nil {
            throw .tokenMalformed(cause: "the header has \(name)")
        }
        guard let algorithm = members["alg"]?.string else { throw .tokenMalformed(cause: "the header has no alg") }
        self.algorithm = algorithm
        try Self.checkType(members["typ"])
        // An HMAC or unsigned token rarely has a kid; it is refused for its algorithm, which says more.
        keyID = members["kid"]?.string ?? ""
        guard SigningAlgorithm(named: algorithm) == nil || !keyID.isEmpty else {
            throw .tokenMalformed(cause: "the header has no kid, or one that is no string")
        }
        guard keyID.utf8.count <= KeySet.maximumKeyIDSize else {
            throw .tokenMalformed(cause: "a kid of \(keyID.utf8.count) bytes")
        }
    }

    /// `typ` may be absent. `at+jwt` and the like are other kinds of token, signed with the same keys.
    private static func checkType(_ type: JSONValue?) throws(Refusal) {
        guard let type else { return }
        guard let text = type.string, text.utf8.elementsEqual("JWT".utf8, by: { $0 & 0xDF == $1 }) else {
            throw .tokenMalformed(cause: "typ is \((type.string ?? type.kind).cut()), JWT is expected")
        }
    }
}
