import ExchangeAPI
import Secrets
import StrictJSON

/// Makes the checks of one run.
struct ProbePlan: Sendable {
    /// Where good tokens come from.
    enum Source: Sendable {
        /// One was given.
        case token(ProbeToken)
        /// They are made here.
        case issuer(ProbeIssuer)
    }

    let source: Source
    let role: String
    /// A role that the good token may not have; nil leaves the check out.
    let forbiddenRole: String?
    let mode: ProbeMode

    /// The good token first, so that it is as fresh as can be. Bad tokens always ask for credentials: that is what they must
    /// not get.
    func checks(at now: Timestamp) throws(StartFailure) -> [ProbeCheck] {
        let good = try goodToken(at: now)
        var checks = [
            try checkOfGood(good),
            refused(.noToken, nil, .tokenMissing),
            refused(.signatureChanged, good.withChangedSignature, .tokenSignatureInvalid),
            refused(.payloadChanged, good.withChangedPayload, .tokenSignatureInvalid),
            refused(.algorithmNone, good.unsigned, .tokenSignatureInvalid),
            refused(.issuerChanged, try foreign(good, at: now), .tokenUnknownIssuer),
        ]
        if case .issuer(let issuer) = source { checks += try forgeries(of: issuer, at: now) }
        if let forbiddenRole { checks.append(try forbidden(forbiddenRole, good, at: now)) }
        return checks
    }

    private func goodToken(at now: Timestamp) throws(StartFailure) -> ProbeToken {
        switch source {
        case .token(let token): token
        case .issuer(let issuer): try ProbeToken(parsing: issuer.token(at: now))
        }
    }

    private func checkOfGood(_ good: ProbeToken) throws(StartFailure) -> ProbeCheck {
        switch mode {
        case .served:
            return ProbeCheck(
                name: .goodToken, question: .credentials(role: role), token: good.text,
                expectation: .credentials(role: role))
        case .verified:
            guard let subject = good.payload["sub"]?.string else {
                throw StartFailure("the token has no sub: the gateway takes none such, give it another token")
            }
            return ProbeCheck(
                name: .goodToken, question: .identity, token: good.text, expectation: .identity(subject: subject))
        }
    }

    private func refused(_ name: ProbeCheck.Name, _ token: Secret?, _ code: ProblemCode) -> ProbeCheck {
        ProbeCheck(
            name: name, question: .credentials(role: role), token: token, expectation: .refusal([code]))
    }

    /// Of an issuer whose address begins like the right one's: a gateway that compares beginnings takes it. Where there is a
    /// key, the signature fits.
    private func foreign(_ good: ProbeToken, at now: Timestamp) throws(StartFailure) -> Secret {
        let issuer = (good.payload["iss"]?.string ?? "") + "/of-nobody"
        return switch source {
        case .token: good.with(issuer: issuer)
        case .issuer(let own): try own.token(at: now, "iss", issuer)
        }
    }

    /// What takes a key to make.
    private func forgeries(of issuer: ProbeIssuer, at now: Timestamp) throws(StartFailure) -> [ProbeCheck] {
        [
            refused(.expired, try issuer.expiredToken(at: now), .tokenExpired),
            refused(.otherAudience, try issuer.token(at: now, "aud", issuer.audience + ".of-nobody"), .tokenAudience),
            refused(.otherKey, try issuer.forgedToken(at: now), .tokenSignatureInvalid),
        ]
    }

    /// A token of its own where there is a key. A given one is sent a second time: a refusal by the policy uses nothing up.
    private func forbidden(
        _ role: String, _ good: ProbeToken, at now: Timestamp
    ) throws(StartFailure) -> ProbeCheck {
        let token =
            switch source {
            case .token: good.text
            case .issuer(let issuer): try issuer.token(at: now)
            }
        return ProbeCheck(
            name: .forbiddenRole, question: .credentials(role: role), token: token,
            expectation: .refusal([.roleNotAllowed, .policyDenied]))
    }
}
