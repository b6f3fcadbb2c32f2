import ExchangeAPI
import Secrets
import StrictJSON

/// What is wrong with an answer, in words for people: nothing of a token, a key or an answer's text.
struct ProbeFault: Sendable, Equatable {
    let what: String
    let remedy: String
}

extension ProbeExpectation {
    /// In words: `401 token_missing`.
    var shown: String {
        switch self {
        case .credentials: "200 with credentials"
        case .identity: "200 with the token's claims"
        case .refusal(let codes): codes.map { "\($0.page.status) \($0.rawValue)" }.joined(separator: " or ")
        }
    }

    /// Nil when `answer` is as expected.
    func fault(in answer: GatewayAnswer, at now: Timestamp) -> ProbeFault? {
        switch self {
        case .credentials(let role): Self.faultOfCredentials(answer, role, at: now)
        case .identity(let subject): Self.faultOfIdentity(answer, subject)
        case .refusal(let codes): faultOfRefusal(answer, codes)
        }
    }

    private static func faultOfCredentials(_ answer: GatewayAnswer, _ role: String, at now: Timestamp) -> ProbeFault? {
        guard answer.status == 200 else { return .refusedGood(answer) }
        let credentials: CredentialsResponse
        do throws(WireError) { credentials = try CredentialsResponse(parsing: answer.body) } catch {
            return .noGateway("200 without credentials: \(error)")
        }
        guard credentials.role == role else { return .noGateway("200 with credentials of another role") }
        let isWhole = ![credentials.secretAccessKey, credentials.sessionToken].contains(where: \.isEmpty)
        guard isWhole, !credentials.accessKeyID.isEmpty else { return .noGateway("200 with empty credentials") }
        guard let end = Timestamp(parsing: credentials.expiration), end > now else {
            return ProbeFault(
                what: "200 with credentials that are past",
                remedy: "compare the clocks of this machine, the gateway and AWS")
        }
        return nil
    }

    private static func faultOfIdentity(_ answer: GatewayAnswer, _ subject: String) -> ProbeFault? {
        guard answer.status == 200 else { return .refusedGood(answer) }
        let identity: WhoamiResponse
        do throws(WireError) { identity = try WhoamiResponse(parsing: answer.body) } catch {
            return .noGateway("200 without claims: \(error)")
        }
        return identity.claims["sub"]?.string == subject ? nil : .noGateway("200 with the claims of another token")
    }

    private func faultOfRefusal(_ answer: GatewayAnswer, _ codes: [ProblemCode]) -> ProbeFault? {
        guard !answer.holdsCredentials else { return .accepted("\(answer.status) WITH CREDENTIALS") }
        guard !(200..<300).contains(answer.status) else { return .accepted("ACCEPTED by \(answer.status)") }
        guard let code = answer.code else { return .noGateway(answer.shown) }
        if codes.contains(code), answer.status == code.page.status { return nil }
        if code.comesAfterVerification, !codes.contains(where: \.comesAfterVerification) {
            return .accepted("TAKEN FOR GOOD, then \(answer.shown)")
        }
        return ProbeFault(
            what: answer.shown,
            remedy: code.page.retryable
                ? "nothing is proved: the gateway did not come so far; \(code.page.remedy)"
                : "it was refused for another reason; find the request id in the gateway's log")
    }
}

extension ProbeFault {
    /// No answer came.
    static func unanswered(_ reason: String) -> ProbeFault {
        ProbeFault(
            what: reason, remedy: "check --gateway, --gateway-ca, the way there, and whether the gateway runs")
    }

    fileprivate static func accepted(_ what: String) -> ProbeFault {
        ProbeFault(
            what: what,
            remedy:
                "if this address is your gateway's, stop it now: it does not check what it must; else correct --gateway"
        )
    }

    fileprivate static func noGateway(_ what: String) -> ProbeFault {
        ProbeFault(what: what, remedy: "this is no answer of the gateway's: check --gateway and what stands between")
    }

    fileprivate static func refusedGood(_ answer: GatewayAnswer) -> ProbeFault {
        guard let code = answer.code else { return .noGateway(answer.shown) }
        return ProbeFault(what: answer.shown, remedy: code.remedyOfProbe)
    }
}

extension ProblemCode {
    /// Whether only a token that the gateway has taken for good can lead to it. Without `default`: a new code must be judged.
    fileprivate var comesAfterVerification: Bool {
        switch self {
        case .tokenReplayed, .emergencyDenied, .emergencyUnknown, .policyDenied, .roleNotAllowed, .frontNotAllowed,
            .durationNotAllowed,
            .sessionPolicyNotAllowed, .regionNotAllowed, .sessionPolicyTooLarge, .stsRejected, .stsInvalidResponse,
            .stsThrottled, .stsTimeout, .oneUseUnavailable, .issuerUnpublished:
            true
        case .invalidRequest, .notFound, .methodNotAllowed, .requestTooLarge, .unsupportedMediaType,
            .clientCertificate, .tokenMissing, .tokenMalformed, .tokenSignatureInvalid, .tokenUnknownIssuer,
            .tokenIssuerDisabled, .tokenUnknownKey, .tokenExpired, .tokenNotYetValid, .tokenAudience, .tokenType,
            .tokenClaims, .tokenTooOld,
            .sessionPolicyMalformed, .rateLimited, .overloaded, .draining, .auditUnavailable, .keysUnavailable:
            false
        }
    }

    /// What to do when the prober's good token is refused. Codes that mean the same to every caller keep their page's remedy.
    fileprivate var remedyOfProbe: String {
        switch self {
        case .tokenUnknownIssuer: "name the token's issuer in the policy, its url exactly as the token's iss"
        case .tokenSignatureInvalid, .tokenUnknownKey:
            "the keys that the policy knows for the issuer must hold the one that signs (keys_file, algorithms: [ES256])"
        case .tokenAudience: "the issuer's audiences in the policy must hold the token's"
        case .tokenExpired, .tokenNotYetValid, .tokenTooOld:
            "a token file needs a new token for each run; with --key, compare the clocks of this machine and the gateway"
        case .tokenReplayed: "the rule has one_use: a token file needs a new token for each run"
        case .policyDenied, .roleNotAllowed:
            "the policy must have a rule that gives this role to the token; the request id leads to the reason in the audit"
        case .stsRejected:
            "AWS does not take the token: check the role's trust policy, or say --expect verified if AWS does not know the issuer"
        default: page.remedy
        }
    }
}
