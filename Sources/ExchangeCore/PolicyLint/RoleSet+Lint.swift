/// Two rules' roles, compared.
extension RoleSet {
    /// Whether every role of `other` is surely one of these, whatever the claims.
    func covers(_ other: RoleSet) -> Bool {
        other.exact.allSatisfy { role in
            exact.contains(role) || open.contains { $0.covers(ValuePattern(literal: role.description)) }
        }
            && other.patterns.allSatisfy { pattern in
                patterns.contains(pattern) || open.contains { $0.covers(ValuePattern(like: pattern.widest)) }
            }
    }

    /// Whether a role may be in both.
    func overlaps(_ other: RoleSet) -> Bool {
        if !exact.isDisjoint(with: other.exact) { return true }
        return hasPatternLike(other) || other.hasPatternLike(self)
    }

    /// Those that name the same roles to every token.
    private var open: [ValuePattern] {
        patterns.filter(\.claims.isEmpty).map { ValuePattern(like: $0.description) }
    }

    private func hasPatternLike(_ other: RoleSet) -> Bool {
        guard !patterns.isEmpty else { return false }
        let theirs =
            other.exact.map { ValuePattern(literal: $0.description) }
            + other.patterns.map { ValuePattern(like: $0.widest) }
        return patterns.contains { pattern in theirs.contains { ValuePattern(like: pattern.widest).overlaps($0) } }
    }
}
