/// Whose token STS is shown for a grant.
package enum Federation: Sendable, Hashable {
    /// The caller's own: AWS trusts the caller's issuer.
    case forward
    /// One of the gateway's own that says this: AWS trusts the gateway's issuer alone.
    case issuer(FederationClaims)

    package var mode: FederationMode {
        switch self {
        case .forward: .forward
        case .issuer: .issuer
        }
    }

    /// What the gateway's own token says; nil where the caller's is forwarded.
    package var claims: FederationClaims? {
        switch self {
        case .forward: nil
        case .issuer(let claims): claims
        }
    }
}

/// The two ways, as the policy and the audit spell them.
package enum FederationMode: String, Sendable, CaseIterable {
    case forward
    case issuer
}
