import ExchangeCore
import StrictJSON

extension PolicySet {
    /// Claims as the issuer `name` would send them, the policy's first issuer when nil. Nobody has verified them: they can be
    /// explained and never exchanged.
    func unverifiedClaims(_ payload: JSONObject, ofIssuerNamed name: String?) throws(Refusal) -> UnverifiedClaims {
        guard let issuer = issuers.first(where: { name == nil || $0.name == name }) else {
            let known = issuers.map(\.name).joined(separator: ", ")
            throw .invalidRequest("the policy has no issuer \(name ?? ""); it has \(known)")
        }
        return try UnverifiedClaims(payload: payload, of: issuer)
    }
}
