/// By what the sessions that a rule gives a repository are told from others: all that it puts into them, since those that are still
/// alive may have begun before the rule had the rest.
struct SessionMarks {
    /// Empty where nothing tells them.
    let conditions: [StatementCondition]
    let notes: [String]
    let gaps: [String]

    init(of rule: AllowRule, for repository: Repository, build: String?) {
        let templates = rule.federation.templates
        let identity = templates?.sourceIdentity.map { SessionNamePatterns(of: $0, for: repository, build: build) }
        let name = rule.sessionName.map { SessionNamePatterns(of: $0, for: repository, build: build) }
        let tag = build == nil ? templates?.tags.first(where: \.isRepository) : nil
        conditions = [
            identity?.patterns.map { .ofSession("aws:SourceIdentity", $0) },
            tag.map { .ofSession("aws:PrincipalTag/\($0.key)", [repository.description]) },
            name?.patterns.map { patterns in .ofSession("aws:userid", patterns.map { "*:" + $0 }) },
        ].compactMap { $0 }
        let staysThroughRoles = identity?.patterns != nil || tag?.isTransitive == true
        notes =
            conditions.isEmpty
            ? []
            : [
                staysThroughRoles
                    ? "Rule \(rule.name): roles that its sessions took since are told too: attach it to them as well."
                    : "Rule \(rule.name): a session that took another role since is not told from others, and not reached."
            ]
        gaps = conditions.isEmpty ? [Self.gap(of: rule, build: build)] : Self.cuts([identity, name], of: rule)
    }

    private static func gap(of rule: AllowRule, build: String?) -> String {
        let template = rule.sessionName.map { "has the session_name \($0.text.quoted)" } ?? "has no session_name"
        let what = build == nil ? "the repository" : "the repository and the build"
        let mode =
            rule.federation.mode == .forward ? ", and forward mode has nothing else that tells sessions apart" : ""
        return "Rule \(rule.name) \(template), which does not name \(what)\(mode). Use --all for its roles: "
            + "\(rule.roles.texts.shownAsList)."
    }

    /// Nothing is lost when another mark is whole.
    private static func cuts(_ patterns: [SessionNamePatterns?], of rule: AllowRule) -> [String] {
        let told = patterns.compactMap { $0 }.filter { $0.patterns != nil }
        guard !told.isEmpty, told.allSatisfy(\.mayMissCutNames) else { return [] }
        return ["Rule \(rule.name): names of more than 47 characters are cut, and may not be reached."]
    }
}

extension FederationTemplates.TagTemplate {
    /// Whether its value is the repository, whole.
    fileprivate var isRepository: Bool {
        guard value.parts.count == 1, case .claim(let path, _) = value.parts[0] else { return false }
        return path.description == "repo"
    }
}
