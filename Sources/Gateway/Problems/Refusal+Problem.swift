import ExchangeAPI
import ExchangeCore

/// What a caller is told of a refusal: a stable code and a fixed sentence. The cause stays in log and audit.
struct ProblemSummary: Sendable, Equatable {
    var code: ProblemCode
    var detail: String
    /// Set where waiting helps; sent as Retry-After in whole seconds.
    var retryAfter: Duration?

    init(_ code: ProblemCode, _ detail: String, retryAfter: Duration? = nil) {
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
    }
}

extension Refusal {
    /// The one mapping from reasons to answers. It has no `default`: a new reason does not compile until it is mapped here.
    var problem: ProblemSummary {
        switch self {
        case .invalidRequest(let sentence): ProblemSummary(.invalidRequest, sentence)

        case .tokenMissing:
            ProblemSummary(
                .tokenMissing,
                "Send the Vela ID token as 'Authorization: Bearer <token>'. The step needs 'id_request: yes'.")
        case .tokenMalformed:
            ProblemSummary(
                .tokenMalformed, "The token is not a well-formed signed JWT. Send Vela's ID token unchanged.")
        case .tokenSignatureInvalid:
            ProblemSummary(
                .tokenSignatureInvalid, "The token's signature does not verify. Send Vela's ID token unchanged.")
        case .tokenUnknownIssuer:
            ProblemSummary(
                .tokenUnknownIssuer,
                "The token's issuer is not configured on this gateway. Its operator must add it to the policy.")
        case .tokenIssuerDisabled:
            ProblemSummary(
                .tokenIssuerDisabled,
                "This gateway takes no tokens of this issuer for now. Trying again does not help: ask its operator.")
        case .tokenUnknownKey:
            ProblemSummary(
                .tokenUnknownKey,
                "The token was signed with a key that its issuer does not publish. Ask Vela for a new token.")
        case .tokenExpired: ProblemSummary(.tokenExpired, "The token has expired. Ask Vela for a new one.")
        case .tokenNotYetValid:
            ProblemSummary(.tokenNotYetValid, "The token is not valid yet. Compare the clocks of Vela and the gateway.")
        case .tokenAudience(_, let expected):
            ProblemSummary(
                .tokenAudience,
                "The token is for another audience. Set the parameter 'audience' to \(expected.joined(separator: " or "))."
            )
        case .tokenType:
            ProblemSummary(.tokenType, "This is not an ID token. Send the ID token, not the ID request token.")
        case .tokenClaims:
            ProblemSummary(
                .tokenClaims, "The token lacks a claim that this gateway requires, or has one in a wrong form.")
        case .tokenTooOld(_, let maximum):
            ProblemSummary(
                .tokenTooOld,
                "The token is older than the \(maximum.components.seconds) s allowed. Ask Vela for a new one.")
        case .tokenReplayed:
            ProblemSummary(.tokenReplayed, "This token was used before and may be used once. Ask Vela for a new one.")
        case .keysUnavailable(_, _, let wait):
            ProblemSummary(
                .keysUnavailable, "The issuer's keys cannot be had at the moment. Try again.", retryAfter: wait)

        case .emergencyDenied:
            ProblemSummary(
                .emergencyDenied,
                "The gateway's operator has stopped this in an emergency. Trying again does not help: give him the request id."
            )
        case .policyDenied:
            ProblemSummary(
                .policyDenied,
                "No rule of the gateway's policy allows this step. Give its operator the request id: the rule and the reason stand in the audit."
            )
        case .roleNotAllowed:
            ProblemSummary(
                .roleNotAllowed,
                "This step may not have this role. Check the parameter 'role', or ask for a rule that allows it.")
        case .audienceNotAllowed(_, let mode, _, let expected):
            ProblemSummary(
                .tokenAudience,
                "The token is for another audience. For this role \(mode.purpose): set the parameter 'audience' to \(expected.joined(separator: " or "))."
            )
        case .frontNotAllowed(_, let allowed):
            ProblemSummary(
                .frontNotAllowed,
                "This step's tokens count once, and here they would be used again. Use \(allowed.inWords).")
        case .regionNotAllowed(_, let allowed):
            ProblemSummary(
                .regionNotAllowed, "Set the parameter 'region' to one of: \(allowed.joined(separator: ", ")).")
        case .durationNotAllowed(_, let maximum):
            ProblemSummary(
                .durationNotAllowed,
                "The longest session allowed here is \(maximum.components.seconds) s. Lower 'role_duration_seconds' or leave it out."
            )
        case .sessionPolicyNotAllowed(_, let reason): ProblemSummary(.sessionPolicyNotAllowed, reason)
        case .sessionPolicyTooLarge(let reason): ProblemSummary(.sessionPolicyTooLarge, reason)
        case .sessionPolicyMalformed(let reason): ProblemSummary(.sessionPolicyMalformed, reason)

        case .stsRejected(let code, let message, _):
            ProblemSummary(.stsRejected, "AWS STS refused: \(code): \(message)")
        case .stsThrottled(let wait):
            ProblemSummary(.stsThrottled, "AWS STS is throttling. Wait and try again.", retryAfter: wait)
        case .stsInvalidResponse:
            ProblemSummary(
                .stsInvalidResponse, "The answer of AWS STS was not what was asked for, so it was thrown away.")
        case .stsTimeout: ProblemSummary(.stsTimeout, "AWS STS did not answer in time. Try again.")

        case .rateLimited(let wait):
            ProblemSummary(.rateLimited, "Too many requests. Wait and try again.", retryAfter: wait)
        case .overloaded:
            ProblemSummary(.overloaded, "The gateway is at its limit. Wait and try again.", retryAfter: .seconds(1))
        case .draining:
            ProblemSummary(.draining, "This replica is shutting down. Try again.", retryAfter: .seconds(1))
        case .auditUnavailable:
            ProblemSummary(
                .auditUnavailable,
                "The gateway cannot write its audit record and so gives no credentials. Its operator must look at the audit sink.",
                retryAfter: .seconds(5))
        case .issuerUnpublished:
            ProblemSummary(
                .issuerUnpublished,
                "This replica of the gateway has no published key to sign for AWS with, and so gives no credentials. Try again.",
                retryAfter: .seconds(5))
        case .oneUseUnavailable:
            ProblemSummary(
                .oneUseUnavailable,
                "The gateway cannot tell whether this token was used before and so gives no credentials. Try again with a new one.",
                retryAfter: .seconds(2))
        case .emergencyUnknown:
            ProblemSummary(
                .emergencyUnknown,
                "This replica cannot tell yet whether this is stopped and so gives no credentials. Try again.",
                retryAfter: .seconds(2))
        }
    }
}

extension FederationMode {
    /// Whom the step's token is to be for.
    fileprivate var purpose: String {
        switch self {
        case .forward: "it must be for AWS"
        case .issuer: "it must be for the gateway, not for AWS"
        }
    }
}

extension Set<Front> {
    /// The ways that are open, as a pipeline author knows them.
    fileprivate var inWords: String {
        Front.exchanging.filter(contains).map { front in
            switch front {
            case .credentials, .whoami: "the image vela-aws-credentials (POST /v1/credentials)"
            case .sts: "AWS_ENDPOINT_URL_STS (POST /)"
            case .container: "AWS_CONTAINER_CREDENTIALS_FULL_URI (GET /v1/container-credentials)"
            }
        }.joined(separator: " or ")
    }
}
