package import Secrets
package import StrictJSON

/// The policy's yes to one verified token: what STS may be asked for. Only `decide` makes one.
package struct Grant: Sendable {
    package let role: RoleARN
    package let region: Region
    /// Within the rule's maximum.
    package let duration: Duration
    package let sessionName: SessionName
    /// Whose token STS is shown for it.
    package let federation: Federation
    /// The JSON text of the session policy for STS; nil for none.
    package let sessionPolicy: String?
    /// ARNs of managed session policies.
    package let managedPolicies: [String]
    /// Whether its token gives credentials once only, so that it must be noted as used before STS is asked.
    package let isOneUse: Bool
    /// The rule that allows it.
    package let rule: String
    /// What rules under observation would have decided otherwise.
    package let observations: [Observation]
    /// The policy that it was decided by.
    package let policyDigest: String

    fileprivate init(_ ruling: Ruling, policyDigest: String) {
        role = ruling.role
        region = ruling.region
        duration = ruling.duration
        sessionName = ruling.sessionName
        federation = ruling.federation
        sessionPolicy = ruling.session.inline
        managedPolicies = ruling.session.managed
        isOneUse = ruling.isOneUse
        rule = ruling.rule
        observations = ruling.observations
        self.policyDigest = policyDigest
    }
}

extension PolicySet {
    /// The one way to a grant: a verified token and a request that a rule allows at the moment `now`.
    ///
    /// - Throws: `policyDenied` when a deny binds or no rule's condition holds; else what keeps the request from the rule
    ///   that came furthest: role, region, duration, session policy.
    package func decide(
        _ token: VerifiedToken, asking request: ExchangeRequest, at now: Timestamp
    ) throws(Refusal) -> Grant {
        // A reload may give the name to another issuer while a request is under way.
        guard issuers.contains(where: { $0.name == token.issuer && $0.url.hasSameBytes(as: token.issuerURL) }) else {
            throw .policyDenied(rule: nil, cause: "the policy no longer takes tokens of this issuer")
        }
        let ruling = try ruling(on: token.claims, from: token.issuer, asking: request, at: now)
        return Grant(ruling, policyDigest: digest)
    }
}

/// The token that STS is shown for a grant. Only the grant makes one, so that nothing else can be sent in its name.
package struct WebIdentity: Sendable {
    package let token: Token

    package enum Token: Sendable {
        /// The caller's own, as it came.
        case callers(Secret)
        /// One of the gateway's own, to be made anew for each attempt.
        case own(FederationClaims)
    }

    fileprivate init(_ token: Token) { self.token = token }
}

extension Grant {
    /// What STS is to be shown. `token` is the one that was verified for this grant; in issuer mode it goes nowhere.
    package func webIdentity(presentedWith token: Secret) -> WebIdentity {
        switch federation {
        case .forward: WebIdentity(.callers(token))
        case .issuer(let claims): WebIdentity(.own(claims))
        }
    }
}
