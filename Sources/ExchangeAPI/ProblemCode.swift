/// The stable codes of design section 4.1: what a caller's program goes by. The raw value is what is sent.
package enum ProblemCode: String, Sendable, CaseIterable {
    case invalidRequest = "invalid_request"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case requestTooLarge = "request_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case clientCertificate = "client_certificate"

    case tokenMissing = "token_missing"
    case tokenMalformed = "token_malformed"
    case tokenSignatureInvalid = "token_signature_invalid"
    case tokenUnknownIssuer = "token_unknown_issuer"
    case tokenUnknownKey = "token_unknown_key"
    case tokenExpired = "token_expired"
    case tokenNotYetValid = "token_not_yet_valid"
    case tokenAudience = "token_audience"
    case tokenType = "token_type"
    case tokenClaims = "token_claims"
    case tokenTooOld = "token_too_old"
    case tokenReplayed = "token_replayed"

    case policyDenied = "policy_denied"
    case roleNotAllowed = "role_not_allowed"
    case frontNotAllowed = "front_not_allowed"
    case durationNotAllowed = "duration_not_allowed"
    case sessionPolicyNotAllowed = "session_policy_not_allowed"
    case regionNotAllowed = "region_not_allowed"
    case sessionPolicyTooLarge = "session_policy_too_large"
    case sessionPolicyMalformed = "session_policy_malformed"

    case rateLimited = "rate_limited"
    case stsRejected = "sts_rejected"
    case stsInvalidResponse = "sts_invalid_response"
    case stsThrottled = "sts_throttled"
    case stsTimeout = "sts_timeout"
    case overloaded
    case draining
    case auditUnavailable = "audit_unavailable"
    case keysUnavailable = "keys_unavailable"
    case oneUseUnavailable = "one_use_unavailable"
    case issuerUnpublished = "issuer_unpublished"
}
