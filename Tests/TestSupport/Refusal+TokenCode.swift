package import ExchangeCore

extension Refusal {
    /// The code of a refusal by the token verifier, as the vectors write it.
    package var tokenCode: String {
        switch self {
        case .tokenMissing: "token_missing"
        case .tokenMalformed: "token_malformed"
        case .tokenSignatureInvalid: "token_signature_invalid"
        case .tokenUnknownIssuer: "token_unknown_issuer"
        case .tokenIssuerDisabled: "token_issuer_disabled"
        case .tokenUnknownKey: "token_unknown_key"
        case .tokenExpired: "token_expired"
        case .tokenNotYetValid: "token_not_yet_valid"
        case .tokenAudience: "token_audience"
        case .tokenType: "token_type"
        case .tokenClaims: "token_claims"
        case .tokenTooOld: "token_too_old"
        case .keysUnavailable: "keys_unavailable"
        default: "not of the verifier: \(self)"
        }
    }
}
