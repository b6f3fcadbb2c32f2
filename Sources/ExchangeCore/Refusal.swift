package import StrictJSON

/// Every reason for no. The associated values are for the log and the audit; what the caller sees is decided in one place,
/// Gateway's `Refusal+Problem.swift`.
///
/// A `cause` never holds a token, a secret key or a session token; texts taken from a token are cut to a bounded length.
package enum Refusal: Error, Sendable, Equatable {
    // The request.
    /// The sentence names the field and may be shown to the caller.
    case invalidRequest(String)

    // The token, design section 5.
    case tokenMissing
    case tokenMalformed(cause: String)
    case tokenSignatureInvalid(cause: String)
    case tokenUnknownIssuer(issuer: String)
    /// The policy takes none of its tokens for now. Nothing of the issuer was fetched, and the signature not looked at.
    case tokenIssuerDisabled(issuer: String)
    case tokenUnknownKey(issuer: String, keyID: String)
    case tokenExpired(at: Timestamp)
    case tokenNotYetValid(until: Timestamp)
    case tokenAudience(seen: [String], expected: [String])
    case tokenType(seen: String)
    case tokenClaims(cause: String)
    case tokenTooOld(age: Duration, maximum: Duration)
    case tokenReplayed
    /// The issuer's keys cannot be had now.
    case keysUnavailable(issuer: String, cause: String, retryAfter: Duration)

    /// The emergency deny, which stands before the policy. `rule` is nil when everything is denied for want of a document that can be
    /// understood.
    case emergencyDenied(rule: String?, cause: String)

    // The policy, design section 6.
    /// No rule, or a deny. `rule` is nil when no rule matched.
    case policyDenied(rule: String?, cause: String)
    case roleNotAllowed(rule: String)
    /// The rule's mode and the token's audience do not agree. `expected` may be shown to the caller.
    case audienceNotAllowed(rule: String, mode: FederationMode, seen: String, expected: [String])
    /// The rule takes each token once, by these fronts only.
    case frontNotAllowed(rule: String, allowed: Set<Front>)
    case regionNotAllowed(rule: String, allowed: [String])
    case durationNotAllowed(rule: String, maximum: Duration)
    /// The sentence names the statement and may be shown to the caller.
    case sessionPolicyNotAllowed(rule: String, reason: String)
    /// The session policies together are longer than AWS takes, by our count or by AWS's packed one.
    case sessionPolicyTooLarge(reason: String)
    case sessionPolicyMalformed(reason: String)

    // AWS STS, design section 7. `message` is AWS's own, bounded and without control characters.
    case stsRejected(code: String, message: String, requestID: String?)
    case stsThrottled(retryAfter: Duration)
    case stsInvalidResponse(cause: String)
    /// No answer within the deadline, or none at all after all attempts.
    case stsTimeout(cause: String)

    // The gateway itself.
    case rateLimited(retryAfter: Duration)
    case overloaded
    case draining
    case auditUnavailable(cause: String)
    /// Whether the token was used before cannot be told.
    case oneUseUnavailable(cause: String)
    /// No key may sign a token of the gateway's own: none was found at the public issuer URL yet.
    case issuerUnpublished(cause: String)
    /// Whether there is an emergency deny cannot be told.
    case emergencyUnknown(cause: String)
}
