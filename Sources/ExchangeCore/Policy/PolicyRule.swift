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

    var deny: DenyRule? { if case .deny(let rule) = self { rule } else { nil } }
}

/// A rule that lets callers have roles, within bounds.
struct AllowRule: Sendable {
    let name: String
    /// The name of the issuer whose tokens it takes.
    let issuer: String
    let condition: Condition
    /// Never empty.
    let roles: Set<RoleARN>
    /// In the file's order; empty leaves the region free within the role's partition.
    let regions: [Region]
    let maximumDuration: Duration
    /// Nil takes the caller's session name.
    let sessionName: SessionNameTemplate?
}

/// A rule that keeps callers out, whatever the allow rules say.
struct DenyRule: Sendable, Equatable {
    let name: String
    /// Nil for every issuer.
    let issuer: String?
    let condition: Condition
    /// Nil for every role.
    let roles: Set<RoleARN>?
    /// Nil for every region.
    let regions: Set<Region>?

    /// Whether it binds this caller. `region` is nil when nobody named one and no allow rule gave one: then nothing is
    /// granted anyway.
    func binds(_ claims: Claims, asking role: RoleARN, in region: Region?) -> Bool {
        if let roles, !roles.contains(role) { return false }
        if let regions, let region, !regions.contains(region) { return false }
        return condition.firstFailure(claims, effect: .deny) == nil
    }
}
