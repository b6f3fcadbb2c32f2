/// What CloudTrail will say of the sessions.
extension LintedAllow {
    /// A step that chooses its own name can choose that of another build.
    var missingSessionName: [String] {
        guard rule.sessionName == nil else { return [] }
        return [
            "it has no session_name, so a step may name its session like another build's; "
                + "add session_name: \"{repo_org}.{repo_name}-{build_number}\""
        ]
    }

    /// `build-{build_number}` names build 42 of every repository alike.
    var sharedSessionName: [String] {
        guard guarantees.isVela, let template = rule.sessionName else { return [] }
        let claims = Set(template.template.claims.map(\.description))
        // Each of these is one build's alone.
        guard claims.isDisjoint(with: ["build_id", "jti"]) else { return [] }
        var missing: [String] = []
        if claims.isDisjoint(with: ["repo", "sub", "repo_org"]) && !isOfOne({ $0.before("/") }) {
            missing.append("repo_org")
        }
        if claims.isDisjoint(with: ["repo", "sub", "repo_name"]) && !isOfOne({ $0 }) { missing.append("repo_name") }
        if !claims.contains("build_number") { missing.append("build_number") }
        guard !missing.isEmpty else { return [] }
        return [
            "session_name \(template.text.quoted) lacks \(missing.shownAsList), so different builds share one name and "
                + "CloudTrail cannot tell them apart; write it as in \"{repo_org}.{repo_name}-{build_number}\""
        ]
    }

    /// Whether that part of `org/name` is one and the same for all that the condition lets in.
    private func isOfOne(_ part: ([PolicySymbol]) -> some Collection<PolicySymbol>) -> Bool {
        let subjects = wanted(of: "sub").map { $0.map { SubjectShape($0).repository.map(ValuePattern.init(literal:)) } }
        let repositories = wanted(of: "repo").map { $0.map { Optional($0) } }
        return (subjects + repositories).contains { values in
            let parts = values.map { $0.map { Array(part($0.symbols)) } }
            guard let first = parts.first, let first else { return false }
            return !first.hasWildcard && parts.allSatisfy { $0 == first }
        }
    }
}
