import ExchangeCore

/// What is asked of AssumeRoleWithWebIdentity, and so what the answer is checked against.
struct AssumeRoleCall: Sendable, Hashable {
    let role: RoleARN
    let region: Region
    let sessionName: SessionName
    /// Always sent, so that the expiry has a bound to be checked against.
    let duration: Duration
    /// The composed session policy, sent as it is; nil is none.
    let sessionPolicy: String?
    /// ARNs of managed session policies.
    let managedPolicies: [String]
}

extension AssumeRoleCall {
    /// The one way there in production: only a grant of the policy is asked of AWS.
    init(_ grant: Grant) {
        role = grant.role
        region = grant.region
        sessionName = grant.sessionName
        duration = grant.duration
        sessionPolicy = grant.sessionPolicy
        managedPolicies = grant.managedPolicies
    }
}
