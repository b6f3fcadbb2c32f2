import ExchangeAPI

extension ProblemCode {
    /// Whose turn it is, and what to do: the part of a message that the gateway cannot know, because it is said to a
    /// step.
    var remedy: String {
        switch self {
        case .invalidRequest, .requestTooLarge, .unsupportedMediaType:
            "Change the step's parameters; if they are right, use the client of the gateway's version."
        case .notFound, .methodNotAllowed:
            "Check the path in gateway_url, and that this client fits the gateway's version."
        case .clientCertificate:
            "The gateway wants TLS client certificates, which this client does not present: ask those who run it for "
                + "another address."
        case .tokenMissing, .tokenMalformed, .tokenSignatureInvalid, .tokenType, .tokenClaims:
            "The token is not one of a Vela that the gateway accepts: ask those who run the gateway."
        case .tokenUnknownIssuer, .tokenUnknownKey: "Ask those who run the gateway whether they trust this Vela server."
        case .tokenIssuerDisabled, .emergencyDenied:
            "Those who run the gateway have stopped this on purpose: ask them, with the request id, before you try again."
        case .tokenAudience: "Set the step's parameter audience to what the gateway expects."
        case .tokenExpired, .tokenNotYetValid, .tokenTooOld:
            "Try again; if it stays so, the clocks of Vela and the gateway differ: tell those who run them."
        case .tokenReplayed: "Run the step again: each use needs a token of its own."
        case .policyDenied, .roleNotAllowed:
            "Ask those who run the gateway for a rule that fits this step (its repository, event and its own image); "
                + "they find the reason by the request id."
        case .frontNotAllowed: "Use the way to the gateway that it names."
        case .durationNotAllowed: "Lower role_duration_seconds, or leave it out."
        case .sessionPolicyNotAllowed:
            "Change inline_session_policy, session_policy or managed_session_policies to what the gateway's rule "
                + "allows."
        case .regionNotAllowed: "Set region to one that the gateway's rule allows."
        case .sessionPolicyTooLarge: "Shorten inline_session_policy, or name fewer managed_session_policies."
        case .sessionPolicyMalformed:
            "Mend inline_session_policy; mind that Vela replaces ${...} before the step sees it."
        case .rateLimited, .stsThrottled, .overloaded, .draining: "Try again in a moment."
        case .stsRejected: "AWS said no: check the role's trust policy and its maximum session duration."
        case .stsInvalidResponse, .stsTimeout: "Try again; if it stays so, tell those who run the gateway."
        case .auditUnavailable, .keysUnavailable, .oneUseUnavailable, .issuerUnpublished, .emergencyUnknown:
            "Try again in a moment; if it stays so, tell those who run the gateway."
        }
    }
}
