import StrictJSON

/// A test as lint looks at it.
extension ClaimTest {
    var isNegated: Bool { conditionOperator.comparison.isNegated }

    /// Whether a token without the claim meets it.
    var isMetByAbsence: Bool { verdictOfNothing == .met }

    /// The texts that it names, in a stable order; a negated operator excludes them. Nil where it names none.
    func named(_ guarantees: ClaimGuarantees) -> [ValuePattern]? {
        switch matcher {
        case .equals(let texts):
            texts.map { String(decoding: $0, as: UTF8.self) }.sorted().map(ValuePattern.init(literal:))
        case .like(let wildcards): wildcards.map { ValuePattern($0) }
        case .bool(let values) where guarantees.isNormalisedBoolean(path):
            values.map { "\($0)" }.sorted().map(ValuePattern.init(literal:))
        case .equalsIgnoringCase, .bool, .numeric, .date, .isNull: nil
        }
    }

    /// The texts of which the claim must be one.
    func wanted(_ guarantees: ClaimGuarantees) -> [ValuePattern]? { isNegated ? nil : named(guarantees) }

    /// The texts of which the claim must be none.
    func excluded(_ guarantees: ClaimGuarantees) -> [ValuePattern]? { isNegated ? named(guarantees) : nil }

    /// `StringEquals [push, tag]`
    var words: String { "\(conditionOperator) \(wanted.shownAsList)" }
}

/// Tests that lint makes up, to ask whether such a token comes through.
extension ClaimTest {
    /// That the claim is this text.
    static func claim(_ name: String, is text: String) -> ClaimTest {
        ClaimTest(
            conditionOperator: ConditionOperator(.stringEquals), path: ClaimPath(topLevel: name),
            matcher: .equals([Array(text.utf8)]), wanted: [text])
    }

    static func claim(_ name: String, isLike pattern: String) -> ClaimTest {
        ClaimTest(
            conditionOperator: ConditionOperator(.stringLike), path: ClaimPath(topLevel: name),
            matcher: .like([Wildcard(pattern)]), wanted: [pattern])
    }
}

extension ConditionOperator {
    fileprivate init(_ comparison: Comparison) {
        self.comparison = comparison
        quantifier = nil
        isIfExists = false
    }
}

extension ClaimPath {
    fileprivate init(topLevel name: String) {
        description = name
        first = name
        rest = []
    }
}

extension [String] {
    /// `push`, `[push, tag]`, and of many the first few with the number of the rest.
    var shownAsList: String {
        let shown = prefix(4).map { $0.shown(upTo: 80) }
        let more = count > shown.count ? ["and \(count - shown.count) more"] : []
        return count == 1 ? shown.joined() : "[\((shown + more).joined(separator: ", "))]"
    }
}
