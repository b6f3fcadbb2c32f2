import ExchangeAPI

/// What stands behind a code: its HTTP status, its title, whether the same request can succeed later, and what to do.
struct ProblemPage: Sendable {
    let status: Int
    let title: String
    let retryable: Bool
    /// Who must act and how, for the page at `/errors/<code>`.
    let remedy: String

    init(_ status: Int, _ title: String, retryable: Bool = false, _ remedy: String) {
        self.status = status
        self.title = title
        self.retryable = retryable
        self.remedy = remedy
    }
}

extension ProblemCode {
    /// The page of this code. No `default`: a new code does not compile without one.
    var page: ProblemPage {
        switch self {
        case .invalidRequest:
            ProblemPage(
                400, "The request is not valid", "Pipeline author: correct the parameter that the detail names.")
        case .notFound:
            ProblemPage(404, "There is no such path", "Check gateway_url: it is the gateway's address without a path.")
        case .methodNotAllowed:
            ProblemPage(405, "This path does not take this method", "The Allow header names the methods it takes.")
        case .requestTooLarge:
            ProblemPage(
                413, "The request is too large",
                "A request is at most 64 KiB. Keep a long session policy on the gateway.")
        case .unsupportedMediaType:
            ProblemPage(415, "The media type is not supported", "Send 'Content-Type: application/json'.")
        case .clientCertificate:
            ProblemPage(
                403, "The client's certificate is not accepted",
                "Present a certificate of the authority that the gateway's tls_client_ca names.")
        case .tokenMissing:
            ProblemPage(401, "No token", "Pipeline author: set 'id_request: yes' on the step and send the ID token.")
        case .tokenMalformed:
            ProblemPage(401, "The token is malformed", "Send the token exactly as Vela gave it.")
        case .tokenSignatureInvalid:
            ProblemPage(401, "The token's signature is wrong", "Send the token exactly as Vela gave it.")
        case .tokenUnknownIssuer:
            ProblemPage(
                401, "The token's issuer is unknown",
                "Operator: add the issuer to the policy, spelt exactly as in the token.")
        case .tokenIssuerDisabled:
            ProblemPage(
                401, "The token's issuer is switched off",
                "Ask the gateway's operator why. Operator: the issuer has 'disabled: true' in the policy.")
        case .tokenUnknownKey:
            ProblemPage(
                401, "The token's key is unknown",
                "Ask Vela for a new token. If it stays: operator, check the issuer's keys.")
        case .tokenExpired:
            ProblemPage(401, "The token has expired", "Ask Vela for a new ID token; one lives five minutes.")
        case .tokenNotYetValid:
            ProblemPage(
                401, "The token is not valid yet", "Operator: compare the clocks of Vela's server and the gateway.")
        case .tokenAudience:
            ProblemPage(401, "The token is for another audience", "Pipeline author: set 'audience' as the detail says.")
        case .tokenType:
            ProblemPage(
                401, "The token is of another type",
                "Send the ID token that the request URL answers, not the request token.")
        case .tokenClaims:
            ProblemPage(
                401, "The token's claims are not complete", "Operator: the audit names the claim. Check Vela's version."
            )
        case .tokenTooOld:
            ProblemPage(401, "The token is too old", "Ask Vela for a new ID token right before the call.")
        case .tokenReplayed:
            ProblemPage(401, "The token was used before", "Ask Vela for a new ID token for each call.")
        case .emergencyDenied:
            ProblemPage(
                403, "Stopped in an emergency",
                "Ask the gateway's operator, with the request id. Operator: the audit names the rule, the status page where it comes from."
            )
        case .policyDenied:
            ProblemPage(
                403, "The policy denies it",
                "Give the gateway's operator the request id. The audit says which rule came closest and which condition failed."
            )
        case .roleNotAllowed:
            ProblemPage(
                403, "This role is not allowed", "Check the parameter 'role'. Operator: add it to the rule's roles.")
        case .frontNotAllowed:
            ProblemPage(
                403, "This way to the gateway is not allowed",
                "Use the way that the detail names: the rule takes each token once, and others use one again and again."
            )
        case .durationNotAllowed:
            ProblemPage(
                403, "This duration is not allowed",
                "Lower 'role_duration_seconds' as the detail says, or leave it out.")
        case .sessionPolicyNotAllowed:
            ProblemPage(403, "This session policy is not allowed", "Narrow the session policy as the detail says.")
        case .regionNotAllowed:
            ProblemPage(403, "This region is not allowed", "Set 'region' as the detail says.")
        case .sessionPolicyTooLarge:
            ProblemPage(
                422, "The session policy is too large",
                "Shorten it, or name fewer managed policies: AWS takes 2,048 characters.")
        case .sessionPolicyMalformed:
            ProblemPage(422, "The session policy is malformed", "Correct the policy as the detail says.")
        case .rateLimited:
            ProblemPage(429, "Too many requests", retryable: true, "Wait as Retry-After says.")
        case .stsRejected:
            ProblemPage(
                502, "AWS STS refused",
                "AccessDenied: the role's trust policy does not trust this token. The detail holds AWS's words.")
        case .stsInvalidResponse:
            ProblemPage(
                502, "AWS STS answered wrongly", "Operator: the log holds the cause; look for a proxy in between.")
        case .stsThrottled:
            ProblemPage(503, "AWS STS is throttling", retryable: true, "Wait as Retry-After says.")
        case .stsTimeout:
            ProblemPage(504, "AWS STS did not answer", retryable: true, "Try again. Operator: check the way to STS.")
        case .overloaded:
            ProblemPage(
                503, "The gateway is at its limit", retryable: true, "Wait as Retry-After says. Operator: add replicas."
            )
        case .draining:
            ProblemPage(503, "The gateway is shutting down", retryable: true, "Try again: another replica answers.")
        case .auditUnavailable:
            ProblemPage(
                503, "The audit record cannot be written", retryable: true,
                "Operator: check the audit sink's disk or reader.")
        case .oneUseUnavailable:
            ProblemPage(
                503, "Nobody can tell whether the token was used", retryable: true,
                "Wait as Retry-After says, and ask Vela for a new ID token. Operator: check the server of one_use_store."
            )
        case .issuerUnpublished:
            ProblemPage(
                503, "The gateway may not sign yet", retryable: true,
                "Wait as Retry-After says. Operator: 'vela-aws-gateway issuer show' says which key is not published and why."
            )
        case .emergencyUnknown:
            ProblemPage(
                503, "Nobody can tell whether this is stopped", retryable: true,
                "Wait as Retry-After says. Operator: this replica has not reached the store of the emergency deny since its start."
            )
        case .keysUnavailable:
            ProblemPage(
                503, "The issuer's keys cannot be had", retryable: true,
                "Wait as Retry-After says. Operator: check the way to Vela.")
        }
    }
}
