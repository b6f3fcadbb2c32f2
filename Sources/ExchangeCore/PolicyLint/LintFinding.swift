/// One thing in a policy that is legal and dangerous: where it stands, what may happen, and the remedy.
package struct LintFinding: Sendable, Equatable, CustomStringConvertible {
    package let kind: LintKind
    /// Nil for what is no rule's: an issuer's or a session policy's.
    package let rule: String?
    package let file: String
    /// Counted from 1, the beginning of the rule, issuer or session policy.
    package let line: Int
    package let column: Int
    /// The danger with the very values, and the remedy. One line.
    package let message: String

    init(_ kind: LintKind, rule: String? = nil, at place: RulePlace, _ message: String) {
        self.kind = kind
        self.rule = rule
        file = place.file
        line = place.position.line
        column = place.position.column
        self.message = message
    }

    /// `rules.yaml:12:5: rule octo-repo: subject-crosses-event: ...`
    package var description: String {
        "\(file):\(line):\(column): " + (rule.map { "rule \($0): " } ?? "") + "\(kind.rawValue): \(message)"
    }
}

extension LintFinding {
    fileprivate var place: RulePlace {
        RulePlace(file: file, position: SourcePosition(line: line, column: column))
    }

    /// Nothing is left out in silence: a last finding says how many more there are.
    static func more(_ kind: LintKind, _ rest: ArraySlice<LintFinding>) -> [LintFinding] {
        guard let next = rest.first else { return [] }
        let words = "and \(rest.count) more of this kind from here on; they show when those before are settled"
        return [LintFinding(kind, rule: next.rule, at: next.place, words)]
    }
}

extension [LintFinding] {
    /// In the order of file and position; findings of one place stay as they are.
    func inReadingOrder() -> [LintFinding] {
        enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.file != other.file { return one.file < other.file }
            let places = (one.place.position, other.place.position)
            return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
        }.map(\.element)
    }

    /// At most `most` findings, the last of which counts the rest.
    func bounded(to most: Int, kind: LintKind) -> [LintFinding] {
        count <= most ? self : prefix(most - 1) + LintFinding.more(kind, dropFirst(most - 1))
    }
}
