/// Finds, of many rules, those that may share a role and a token: thousands of rules make millions of pairs.
struct RuleCandidates {
    private var count = 0
    /// By role and repository; under no repository, those that may take any.
    private var byRepository: [Key: [Int]] = [:]
    private var byRole: [Key: [Int]] = [:]
    private var withPatterns: [String: [Int]] = [:]
    private var byIssuer: [String: [Int]] = [:]

    private struct Key: Hashable {
        let issuer: String
        let role: RoleARN
        var repository: String?

        func of(_ repository: String) -> Key { Key(issuer: issuer, role: role, repository: repository) }
    }

    /// The numbers of the rules before this one that may share something with it, in the order of the files. It is remembered
    /// for those after it.
    mutating func next(_ allow: LintedAllow) -> [Int] {
        let repositories = allow.guarantees.isVela ? VelaSubject.repositories(of: allow.tokens) : nil
        let earlier = candidates(for: allow.rule, of: repositories)
        add(allow.rule, of: repositories)
        return earlier
    }

    private func candidates(for rule: AllowRule, of repositories: Set<String>?) -> [Int] {
        guard rule.roles.patterns.isEmpty else { return byIssuer[rule.issuer, default: []] }
        let sharing = rule.roles.exact.flatMap { role in
            let key = Key(issuer: rule.issuer, role: role)
            guard let repositories else { return byRole[key, default: []] }
            return byRepository[key, default: []]
                + repositories.flatMap { byRepository[key.of($0), default: []] }
        }
        return Set(sharing + withPatterns[rule.issuer, default: []]).sorted()
    }

    private mutating func add(_ rule: AllowRule, of repositories: Set<String>?) {
        for role in rule.roles.exact {
            let key = Key(issuer: rule.issuer, role: role)
            byRole[key, default: []].append(count)
            if let repositories {
                for repository in repositories { byRepository[key.of(repository), default: []].append(count) }
            } else {
                byRepository[key, default: []].append(count)
            }
        }
        if !rule.roles.patterns.isEmpty { withPatterns[rule.issuer, default: []].append(count) }
        byIssuer[rule.issuer, default: []].append(count)
        count += 1
    }
}
