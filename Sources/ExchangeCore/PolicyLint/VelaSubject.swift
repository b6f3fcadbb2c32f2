/// What the tests of `repo`, `ref` and `event` say of `sub`, and the other way round: Vela writes
/// `repo:<repo>:ref:<ref>:event:<event>`, the event without its action.
struct VelaSubject {
    private let tokens: TokenClass
    /// The forms that `sub` can have by the other claims' tests; nil where there are too many to look at.
    let forms: [ValuePattern]?

    init(of tokens: TokenClass) {
        self.tokens = tokens
        forms = Self.forms(of: tokens)
    }

    /// The only repositories whose tokens these can be; nil where there may be others.
    static func repositories(of tokens: TokenClass) -> Set<String>? {
        let patterns = tokens.wanted(of: "repo") ?? repositoriesOfSubject(tokens) ?? []
        let literals = patterns.compactMap(\.literal)
        return literals.isEmpty || literals.count < patterns.count ? nil : Set(literals)
    }

    /// Why `sub` and the other claims do not go together; nil where they may.
    var contradiction: String? { repositoryContradiction ?? subjectContradiction }

    /// Whether every `sub` or `repo` of these tokens surely meets `test`.
    func meets(_ test: ClaimTest) -> Bool {
        switch test.path.description {
        case "sub": forms.map { meets(test, forms: $0) } ?? false
        case "repo": Self.repositoriesOfSubject(tokens).map { meets(test, forms: $0) } ?? false
        default: false
        }
    }

    private func meets(_ test: ClaimTest, forms: [ValuePattern]) -> Bool {
        if let wanted = test.wanted(tokens.guarantees) {
            return forms.allSatisfy { form in wanted.contains { $0.covers(form) } }
        }
        guard let excluded = test.excluded(tokens.guarantees) else { return false }
        return !forms.contains { form in excluded.contains { form.overlaps($0) } }
    }

    private var subjectContradiction: String? {
        guard let forms else { return nil }
        for test in tokens.tests(of: "sub") {
            if let wanted = test.wanted(tokens.guarantees), !Self.anyOverlap(wanted, forms) {
                return "\(test.words) fits no sub that Vela writes; by the other tests it is \(Self.words(forms))"
            }
            if let excluded = test.excluded(tokens.guarantees),
                forms.allSatisfy({ form in excluded.contains { $0.covers(form) } })
            {
                return "\(test.words) on sub excludes all that the other tests leave, \(Self.words(forms))"
            }
        }
        return nil
    }

    /// `repo` against `repo_org` and `repo_name`.
    private var repositoryContradiction: String? {
        let hasParts = !(tokens.tests(of: "repo_org") + tokens.tests(of: "repo_name")).isEmpty
        guard hasParts, let repositories = tokens.wanted(of: "repo") else { return nil }
        let forms = Self.repositoryOfParts(tokens)
        guard repositories.count * forms.count <= Self.mostForms, !Self.anyOverlap(repositories, forms) else {
            return nil
        }
        return "repo is \(repositories.map(\.description).shownAsList), but by repo_org and repo_name it is "
            + Self.words(forms)
    }

    private static func anyOverlap(_ some: [ValuePattern], _ others: [ValuePattern]) -> Bool {
        some.contains { one in others.contains { one.overlaps($0) } }
    }

    private static func words(_ forms: [ValuePattern]) -> String { forms.map(\.description).shownAsList }

    private static func forms(of tokens: TokenClass) -> [ValuePattern]? {
        let repositories =
            tokens.wanted(of: "repo") ?? repositoriesOfSubject(tokens) ?? repositoryOfParts(tokens)
        let refs = tokens.wanted(of: "ref") ?? [.anything]
        let events = (tokens.wanted(of: "event") ?? [.anything]).map(\.withoutAction)
        let subjects = tokens.tests(of: "sub").compactMap { $0.named(tokens.guarantees)?.count }.max() ?? 1
        guard repositories.count * refs.count * events.count * subjects <= mostForms else { return nil }
        return repositories.flatMap { repository in
            refs.flatMap { ref in
                events.map { event in
                    ValuePattern(literal: "repo:") + repository + ValuePattern(literal: ":ref:") + ref
                        + ValuePattern(literal: ":event:") + event
                }
            }
        }
    }

    /// The repositories that `sub` names, where all its patterns name them in full.
    private static func repositoriesOfSubject(_ tokens: TokenClass) -> [ValuePattern]? {
        guard let subjects = tokens.wanted(of: "sub") else { return nil }
        let repositories = subjects.compactMap { SubjectShape($0).repository }
        return repositories.count == subjects.count ? repositories.map(ValuePattern.init(literal:)) : nil
    }

    private static func repositoryOfParts(_ tokens: TokenClass) -> [ValuePattern] {
        let organisations = tokens.wanted(of: "repo_org") ?? [.anything]
        let names = tokens.wanted(of: "repo_name") ?? [.anything]
        return organisations.flatMap { organisation in
            names.map { organisation + ValuePattern(literal: "/") + $0 }
        }
    }

    /// Beyond that many pairs of patterns nothing is said: lint must end, and rules are not written so.
    private static let mostForms = 4096
}

extension ValuePattern {
    fileprivate static let anything = ValuePattern(symbols: [.anything])

    /// Of a pattern of `event`, what stands in `sub`: `pull_request` for `pull_request:opened`. Where a wildcard may hold the
    /// colon, all that begins so.
    fileprivate var withoutAction: ValuePattern {
        let event = symbols.before(":")
        guard event.hasWildcard else { return ValuePattern(symbols: Array(event)) }
        let front = event.prefix { $0 != .anything && $0 != .anyLetter }
        return ValuePattern(symbols: front + [.anything])
    }
}
