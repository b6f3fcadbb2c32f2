import StrictJSON

/// One rule, compiled.
enum PolicyRule: Sendable {
    case allow(AllowRule)
    case deny(DenyRule)

    var name: String {
        switch self {
        case .allow(let rule): rule.name
        case .deny(let rule): rule.name
        }
    }

    var allow: AllowRule? { if case .allow(let rule) = self { rule } else { nil } }
    var deny: DenyRule? { if case .deny(let rule) = self { rule } else { nil } }
}

/// Where a rule stands, for lint and explanations.
struct RulePlace: Sendable, Hashable {
    let file: String
    let position: SourcePosition
}

/// A rule that lets callers have roles, within bounds.
struct AllowRule: Sendable {
    let name: String
    let place: RulePlace
    /// The name of the issuer whose tokens it takes.
    let issuer: String
    let condition: Condition
    let roles: RoleSet
    /// In the file's order; empty leaves the region free within the role's partition.
    let regions: [Region]
    let maximumDuration: Duration
    /// Nil takes the caller's session name.
    let sessionName: SessionNameTemplate?
    let sessionPolicy: SessionPolicyTerms
    /// Nil takes a token as often as it comes.
    let oneUse: OneUse?
    /// Whose token STS is shown.
    var federation: FederationTerms
    /// The audiences of its issuer with which a token can use this rule; nil for any of them.
    var audiences: [String]?
    /// Until when the condition is only watched; nil for a rule in force.
    let observedUntil: Timestamp?

    func isObserved(at now: Timestamp) -> Bool { observedUntil.map { now < $0 } ?? false }
}

/// A rule that keeps callers out, whatever the allow rules say.
struct DenyRule: Sendable {
    let name: String
    let place: RulePlace
    /// Nil for every issuer.
    let issuer: String?
    let condition: Condition
    /// Nil for every role.
    let roles: RoleSet?
    /// Nil for every region.
    let regions: Set<Region>?
    /// Until when it is only counted; nil for a rule in force.
    let observedUntil: Timestamp?

    /// Whether it binds this caller. `region` is nil when nobody named one and no allow rule gave one: then nothing is
    /// granted anyway.
    func binds(_ claims: Claims, asking role: RoleARN, in region: Region?) -> Bool {
        covers(role, in: region, for: claims) && condition.firstFailure(claims, effect: .deny) == nil
    }

    /// Whether it speaks of this role and region.
    func covers(_ role: RoleARN, in region: Region?, for claims: Claims) -> Bool {
        if let roles, !roles.contains(role, for: claims) { return false }
        if let regions, let region, !regions.contains(region) { return false }
        return true
    }

    func isObserved(at now: Timestamp) -> Bool { observedUntil.map { now < $0 } ?? false }

    /// Whether it closes the same doors, wherever it stands.
    func closesTheSame(as other: DenyRule) -> Bool {
        name == other.name && issuer == other.issuer && condition == other.condition && roles == other.roles
            && regions == other.regions && observedUntil == other.observedUntil
    }
}
