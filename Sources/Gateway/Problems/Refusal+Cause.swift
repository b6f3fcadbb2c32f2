import ExchangeCore

// What log and audit say of a refusal. The caller is told `problem` and nothing of this.
extension Refusal {
    /// Whether it was said before the token's signature was verified, so that anybody can cause it as often as he likes.
    var precedesVerification: Bool {
        switch self {
        case .invalidRequest, .tokenMissing, .tokenMalformed, .tokenSignatureInvalid, .tokenUnknownIssuer,
            .tokenIssuerDisabled, .tokenUnknownKey,
            .keysUnavailable, .rateLimited, .overloaded, .draining:
            true
        case .tokenExpired, .tokenNotYetValid, .tokenAudience, .tokenType, .tokenClaims, .tokenTooOld, .tokenReplayed,
            .policyDenied, .roleNotAllowed, .audienceNotAllowed, .frontNotAllowed, .regionNotAllowed,
            .durationNotAllowed,
            .sessionPolicyNotAllowed,
            .sessionPolicyTooLarge, .sessionPolicyMalformed, .stsRejected, .stsThrottled, .stsInvalidResponse,
            .stsTimeout,
            .auditUnavailable, .oneUseUnavailable, .issuerUnpublished, .emergencyDenied, .emergencyUnknown:
            false
        }
    }

    /// The reason for log and audit. It holds no secret: `Refusal` promises so of its values.
    var cause: String {
        switch self {
        case .invalidRequest(let sentence): sentence
        case .tokenMissing: "no bearer token"
        case .tokenMalformed(let cause), .tokenSignatureInvalid(let cause), .tokenClaims(let cause): cause
        case .tokenUnknownIssuer(let issuer): "issuer \(issuer)"
        case .tokenIssuerDisabled(let issuer): "issuer \(issuer) is disabled in the policy"
        case .tokenUnknownKey(let issuer, let keyID): "issuer \(issuer) publishes no key \(keyID)"
        case .tokenExpired(let moment): "expired at \(moment)"
        case .tokenNotYetValid(let moment): "not valid until \(moment)"
        case .tokenAudience(let seen, let expected): "audience \(seen), expected one of \(expected)"
        case .tokenType(let seen): seen.isEmpty ? "no token_type" : "token_type \(seen)"
        case .tokenTooOld(let age, let maximum): "age \(age), allowed \(maximum)"
        case .tokenReplayed: "used before"
        case .keysUnavailable(let issuer, let cause, _): "issuer \(issuer): \(cause)"
        case .policyDenied(_, let cause), .emergencyDenied(_, let cause): cause
        case .roleNotAllowed: "the rule's roles do not hold it"
        case .audienceNotAllowed(_, let mode, let seen, let expected):
            "audience \(seen), but the rule is in mode \(mode.rawValue) and takes \(expected)"
        case .frontNotAllowed(_, let allowed):
            "the rule takes each token once, by \(allowed.map(\.rawValue).sorted().joined(separator: ", "))"
        case .regionNotAllowed(_, let allowed): "the rule's regions are \(allowed)"
        case .durationNotAllowed(_, let maximum): "the rule's maximum is \(maximum)"
        case .sessionPolicyNotAllowed(_, let reason), .sessionPolicyTooLarge(let reason),
            .sessionPolicyMalformed(let reason):
            reason
        case .stsRejected(let code, let message, _): "\(code): \(message)"
        case .stsThrottled: "throttled"
        case .stsInvalidResponse(let cause), .stsTimeout(let cause), .auditUnavailable(let cause),
            .oneUseUnavailable(let cause), .issuerUnpublished(let cause), .emergencyUnknown(let cause):
            cause
        case .rateLimited: "rate limit"
        case .overloaded: "at the limit"
        case .draining: "draining"
        }
    }

    /// The name of the rule that was decisive, when there was one.
    var rule: String? {
        switch self {
        case .policyDenied(let rule, _), .emergencyDenied(let rule, _): rule
        case .roleNotAllowed(let rule), .audienceNotAllowed(let rule, _, _, _), .frontNotAllowed(let rule, _),
            .regionNotAllowed(let rule, _),
            .durationNotAllowed(let rule, _),
            .sessionPolicyNotAllowed(let rule, _):
            rule
        case .invalidRequest, .tokenMissing, .tokenMalformed, .tokenSignatureInvalid, .tokenUnknownIssuer,
            .tokenUnknownKey,
            .tokenExpired, .tokenNotYetValid, .tokenAudience, .tokenType, .tokenClaims, .tokenTooOld, .tokenReplayed,
            .keysUnavailable, .sessionPolicyTooLarge, .sessionPolicyMalformed, .stsRejected, .stsThrottled,
            .stsInvalidResponse, .stsTimeout, .rateLimited, .overloaded, .draining, .auditUnavailable,
            .oneUseUnavailable, .issuerUnpublished, .tokenIssuerDisabled, .emergencyUnknown:
            nil
        }
    }
}
