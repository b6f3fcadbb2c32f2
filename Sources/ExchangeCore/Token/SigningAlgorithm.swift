/// The JWS algorithms that can be allowed, RFC 7518 section 3.1. `none` and HMAC cannot be named at all: a public key
/// must never be taken for a shared secret.
package enum SigningAlgorithm: String, Sendable, Hashable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case es256 = "ES256"
    case es384 = "ES384"

    /// Nil for every other name; names are case-sensitive.
    package init?(named name: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.isByteEqual(to: name) }) else { return nil }
        self = found
    }
}
