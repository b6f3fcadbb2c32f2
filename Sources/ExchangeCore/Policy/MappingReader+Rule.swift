import StrictJSON

/// The roles and regions that a rule names; nil where it names none.
struct RuleBounds {
    let roles: [RoleARN]?
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
    func bounds(isDeny: Bool) -> RuleBounds? {
        let remedy = "list the ARNs that callers may have"
        guard let node = isDeny ? self["roles"] : required("roles", remedy: remedy) else {
            let regions = regions()
            return isDeny ? RuleBounds(roles: nil, regions: regions) : nil
        }
        let roles = roles(node)
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

    private func roles(_ node: SourceNode) -> [RoleARN]? {
        node.list("roles", scope: scope)?.compactMap { node in
            guard let text = node.text("a role", scope: scope) else { return nil }
            if let role = RoleARN(parsing: text) { return role }
            let isPattern = text.utf8.contains { "*?{}$".utf8.contains($0) }
            let remedy =
                isPattern
                ? "wildcards and {claims} are not supported in roles by this version; list the exact ARNs"
                : "write it as arn:aws:iam::123456789012:role/NAME"
            scope.report("\(text.quoted) is not the ARN of a role; \(remedy)", at: node.position)
            return nil
        }
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
    private func reportStrayRoles(_ roles: [RoleARN], in regions: [Region], at position: SourcePosition) {
        for role in roles where !regions.contains(where: { $0.partition == role.partition }) && !regions.isEmpty {
            let partition = role.partition.rawValue
            scope.report("regions names none of the partition \(partition) for the role \(role); add one", at: position)
        }
    }
}

extension SourceNode {
    /// The text under `key`, where this is a mapping that has one: to know what is being read before it is read.
    func scalar(of key: String) -> String? {
        guard case .mapping(let entries) = content else { return nil }
        let value = entries.first { $0.key.hasSameBytes(as: key) }?.value
        if case .scalar(let text, _) = value?.content { return text.isEmpty ? nil : text }
        return nil
    }
}
