import StrictJSON

/// The roles and regions that a rule names; nil where it names none.
struct RuleBounds {
    let roles: RoleSet?
    let regions: [Region]?
}

/// The parts of a rule that stand for themselves.
extension MappingReader {
    /// Allow unless named.
    func effect() -> Effect? {
        guard let node = self["effect"] else { return .allow }
        guard let text = node.text("effect", scope: scope) else { return nil }
        if let effect = Effect.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) { return effect }
        scope.report("effect is allow or deny, not \(text.quoted)", at: node.position)
        return nil
    }

    /// Nil after a fault. An allow must name its roles.
    func bounds(isDeny: Bool, schema: ClaimSchema) -> RuleBounds? {
        let remedy = "list the ARNs that callers may have"
        guard let node = isDeny ? self["roles"] : required("roles", remedy: remedy) else {
            let regions = regions()
            return isDeny ? RuleBounds(roles: nil, regions: regions) : nil
        }
        let roles = RoleSetReader(schema: schema, isDeny: isDeny, scope: scope).roles(node)
        let regions = regions()
        guard let roles else { return nil }
        if let regions { reportStrayRoles(roles, in: regions, at: node.position) }
        return RuleBounds(roles: roles, regions: regions)
    }

    /// An hour unless named; AWS takes 15 minutes to 12 hours.
    func maximumDuration() -> Duration? {
        guard let node = self["max_duration"] else { return AllowRule.standardDuration }
        return node.duration("max_duration", within: 900...43_200, scope: scope)
    }

    private func regions() -> [Region]? {
        self["regions"]?.list("regions", scope: scope)?.compactMap { node in
            guard let text = node.text("a region", scope: scope) else { return nil }
            if let region = Region(parsing: text) { return region }
            scope.report("\(text.quoted) is not the name of a region; write one as us-east-1", at: node.position)
            return nil
        }
    }

    /// Another partition's STS does not know the role: such a rule could never be used, or a deny never bind.
    private func reportStrayRoles(_ roles: RoleSet, in regions: [Region], at position: SourcePosition) {
        let named =
            roles.exact.map { ($0.partition, $0.description) }.sorted { $0.1 < $1.1 }
            + roles.patterns.map { ($0.rolesPartition, $0.description) }
        for (partition, role) in named where !regions.isEmpty && !regions.contains(where: { $0.partition == partition })
        {
            scope.report(
                "regions names none of the partition \(partition.rawValue) for the role \(role); add one", at: position)
        }
    }
}

/// Reads `roles`.
struct RoleSetReader {
    let schema: ClaimSchema
    let isDeny: Bool
    let scope: FaultScope

    /// Nil after a fault that leaves no list. A faulty entry is reported and left out.
    func roles(_ node: SourceNode) -> RoleSet? {
        guard let nodes = node.list("roles", scope: scope) else { return nil }
        var exact: Set<RoleARN> = []
        var patterns: [RolePattern] = []
        for node in nodes {
            guard let text = node.text("a role", scope: scope) else { continue }
            if let role = RoleARN(parsing: text) {
                exact.insert(role)
            } else if let pattern = pattern(text, at: node.position) {
                patterns.append(pattern)
            }
        }
        return RoleSet(exact: exact, patterns: patterns)
    }

    private func pattern(_ text: String, at position: SourcePosition) -> RolePattern? {
        guard let pattern = RolePattern(parsing: text) else {
            let form = "write it as arn:aws:iam::123456789012:role/NAME; *, ? and {claim} may stand behind role/ only"
            scope.report("\(text.quoted) is not the ARN of a role; \(form)", at: position)
            return nil
        }
        if isDeny, !pattern.claims.isEmpty {
            scope.report(
                "\(text.quoted): a deny takes no {claim}, because it would not bind tokens without it; use * or list the roles",
                at: position)
        }
        for path in pattern.claims { _ = schema.claim(path.description, as: .text, at: position, scope: scope) }
        return pattern
    }
}
