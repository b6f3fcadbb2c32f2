import StrictJSON

/// The tokens that meet all of some tests. Lint asks whether there are any, and whether they all meet another test.
///
/// Both answers are cautious: `contradiction` names none where one is in doubt, and `meets` says no.
struct TokenClass: Sendable {
    let tests: [ClaimTest]
    let guarantees: ClaimGuarantees
    /// Which way a doubt falls: in a deny, a claim that cannot be read meets its test.
    let effect: Effect
    /// The tests by claim, in the order of the claims' first tests.
    private let groups: [TestGroup]

    init(_ tests: [ClaimTest], guarantees: ClaimGuarantees, effect: Effect = .allow) {
        self.tests = tests
        self.guarantees = guarantees
        self.effect = effect
        var paths: [ClaimPath] = []
        for test in tests where !paths.contains(test.path) { paths.append(test.path) }
        groups = paths.map { path in
            TestGroup(path: path, tests: tests.filter { $0.path == path }, guarantees: guarantees, effect: effect)
        }
    }

    func narrowed(by more: [ClaimTest]) -> TokenClass {
        TokenClass(tests + more, guarantees: guarantees, effect: effect)
    }

    /// Why no token can meet all tests, as a sentence's end; nil where one may.
    var contradiction: String? {
        for group in groups {
            if let reason = group.contradiction { return reason }
        }
        return guarantees.isVela ? VelaSubject(of: self).contradiction : nil
    }

    /// Whether every token here surely meets `test`.
    func meets(_ test: ClaimTest) -> Bool {
        if groups.first(where: { $0.path == test.path })?.meets(test) ?? false { return true }
        return guarantees.isVela && VelaSubject(of: self).meets(test)
    }

    /// Whether every token here surely meets the whole condition.
    func meets(_ condition: Condition) -> Bool { condition.tests.allSatisfy(meets) }

    func tests(of claim: String) -> [ClaimTest] { tests.filter { $0.path.description == claim } }

    /// The texts of which the claim must be one, by one test; where there are several, one that is all literal.
    func wanted(of claim: String) -> [ValuePattern]? {
        let choices = tests(of: claim).filter { !$0.isMetByAbsence || guarantees.isAssured($0.path) }
            .compactMap { $0.wanted(guarantees) }
        return choices.first { $0.allSatisfy { !$0.symbols.hasWildcard } } ?? choices.first
    }
}
