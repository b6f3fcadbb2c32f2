import ExchangeAPI
import ExchangeCore

/// A refusal in AWS's words, chosen so that an SDK tries again where waiting helps and asks once where it does not.
///
/// Botocore, and the other SDKs alike, retry on 500, 502, 503, 504, 429 and on throttling codes; nothing else is asked again (Go's
/// SDK also repeats InvalidIdentityToken, which costs a verification and never reaches STS).
struct STSErrorReply: Sendable, Equatable {
    let status: Int
    let code: String
    let fault: Fault
    let message: String
    /// What this gateway calls it, one of `ProblemCode`'s raw values.
    let reason: String
    /// Set where waiting helps.
    let retryAfter: Duration?

    /// Who must act, in AWS's words.
    enum Fault: String, Sendable {
        case sender = "Sender"
        case receiver = "Receiver"
    }
}

extension Refusal {
    /// The one mapping from reasons to AWS's errors. It has no `default`: a new reason does not compile until it is mapped here.
    var stsError: STSErrorReply {
        switch self {
        case .invalidRequest: reply(400, "ValidationError")
        case .tokenMissing:
            reply(
                400, "InvalidIdentityToken",
                "Send the Vela ID token as WebIdentityToken. The step needs 'id_request: yes'.")
        case .tokenExpired, .tokenTooOld: reply(400, "ExpiredTokenException")
        case .tokenMalformed, .tokenSignatureInvalid, .tokenUnknownIssuer, .tokenIssuerDisabled, .tokenUnknownKey,
            .tokenNotYetValid, .tokenAudience, .tokenType, .tokenClaims, .tokenReplayed, .audienceNotAllowed:
            reply(400, "InvalidIdentityToken")
        case .emergencyDenied, .policyDenied, .roleNotAllowed, .frontNotAllowed, .sessionPolicyNotAllowed:
            reply(403, "AccessDenied")
        case .regionNotAllowed:
            reply(
                403, "AccessDenied",
                "The rule allows other regions than this one. An SDK names none here: the gateway's operator can, in a profile at /sts/."
            )
        case .durationNotAllowed(_, let maximum):
            reply(
                403, "AccessDenied",
                "The longest session allowed here is \(maximum.components.seconds) s. Lower DurationSeconds or leave it out."
            )
        case .sessionPolicyMalformed: reply(400, "MalformedPolicyDocument")
        case .sessionPolicyTooLarge: reply(400, "PackedPolicyTooLarge")
        case .stsRejected(let code, let message, _): reply(Self.status(ofRejection: code), code, message)
        case .stsThrottled, .rateLimited: reply(400, "Throttling")
        // No server error, because those are tried again, and a session may have been made each time.
        case .stsInvalidResponse: reply(400, "InvalidResponse", .receiver)
        case .keysUnavailable, .stsTimeout, .overloaded, .draining, .auditUnavailable, .oneUseUnavailable,
            .issuerUnpublished, .emergencyUnknown:
            reply(503, "ServiceUnavailable", .receiver)
        }
    }

    /// The codes that AWS sends with 403.
    private static func status(ofRejection code: String) -> Int {
        switch code {
        case "AccessDenied", "AccessDeniedException", "IDPRejectedClaim", "IDPRejectedClaimException",
            "RegionDisabledException":
            403
        default: 400
        }
    }

    private func reply(
        _ status: Int, _ code: String, _ fault: STSErrorReply.Fault = .sender
    ) -> STSErrorReply { reply(status, code, problem.detail, fault) }

    private func reply(
        _ status: Int, _ code: String, _ message: String, _ fault: STSErrorReply.Fault = .sender
    ) -> STSErrorReply {
        STSErrorReply(
            status: status, code: code, fault: fault, message: message, reason: problem.code.rawValue,
            retryAfter: problem.retryAfter)
    }
}
