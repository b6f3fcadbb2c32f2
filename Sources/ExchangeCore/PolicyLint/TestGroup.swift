import StrictJSON

/// The tests of one claim, all of which a token must meet.
struct TestGroup: Sendable {
    let path: ClaimPath
    let tests: [ClaimTest]
    let guarantees: ClaimGuarantees
    let effect: Effect

    /// Why no token meets them all; nil where one may.
    var contradiction: String? {
        guard isSurelyThere else { return nil }
        guard isImpossible else { return nil }
        let list = tests.map(\.words).joined(separator: " and ")
        return tests.count == 1 && isNullWanted
            ? "every token has the claim \(path), and \(list) wants none" : "no value of \(path) meets \(list)"
    }

    /// Whether every token here surely meets `test`, which is of the same claim.
    func meets(_ test: ClaimTest) -> Bool {
        if tests.contains(where: { $0.isSame(as: test) }) { return true }
        guard isSurelyThere || test.isMetByAbsence else { return false }
        if case .isNull(let values) = test.matcher { return isSurelyThere && values.contains(false) }
        if let candidates { return candidates.allSatisfy { test.verdict($0).counts(in: .allow) } }
        if let theirs = test.wanted(guarantees) { return isWithin(theirs, of: test) }
        if let theirs = test.excluded(guarantees) { return avoids(theirs, of: test) }
        return false
    }

    /// Whether a token that meets them has the claim. In a deny only what is assured is known to be readable.
    private var isSurelyThere: Bool {
        if effect == .deny { return guarantees.isAssured(path) }
        return !guarantees.mayBeAbsent(path) || tests.contains { !$0.isMetByAbsence }
    }

    private var isNullWanted: Bool { tests.contains { $0.matcher == .isNull([true]) } }

    /// Of a claim that is there.
    private var isImpossible: Bool {
        if isNullWanted { return true }
        if let candidates { return candidates.isEmpty }
        return hasStrangers || !guarantees.mayHoldSeveral(tests) && (excludesAll || hasEmptyRange)
    }

    /// The only values that the claim can have, where a test lists them; nil where it may have others.
    private var candidates: [JSONValue]? {
        guard guarantees.isSingle(path) else { return nil }
        let literals = tests.lazy.compactMap { test in
            test.wanted(guarantees).flatMap { $0.contains { $0.symbols.hasWildcard } ? nil : $0.map(\.description) }
        }
        guard let literals = literals.first else { return nil }
        return literals.map(JSONValue.string).filter { value in
            tests.allSatisfy { $0.verdict(value).counts(in: effect) }
        }
    }

    /// Whether two tests want texts of which none is common to both.
    private var hasStrangers: Bool {
        let wanted = tests.filter { $0.wanted(guarantees) != nil }
        return wanted.indices.contains { one in
            wanted[(one + 1)...].contains { haveNoCommonText(wanted[one], $0) }
        }
    }

    private func haveNoCommonText(_ one: ClaimTest, _ other: ClaimTest) -> Bool {
        guard let ours = one.wanted(guarantees), let theirs = other.wanted(guarantees) else { return false }
        // Of several values, one may meet this test and another that one.
        let isOfOneValue = guarantees.isSingle(path) || [one, other].contains { $0.takesAllValues }
        return isOfOneValue && !ours.contains { our in theirs.contains { our.overlaps($0) } }
    }

    /// Whether all that one test wants is what another excludes.
    private var excludesAll: Bool {
        let excluded = tests.compactMap { $0.excluded(guarantees) }.joined()
        return tests.compactMap { $0.wanted(guarantees) }.contains { wanted in
            wanted.allSatisfy { pattern in excluded.contains { $0.covers(pattern) } }
        }
    }

    private var hasEmptyRange: Bool {
        var numbers = ValueRange<Decimal>()
        var moments = ValueRange<Timestamp>()
        for test in tests where !test.isNegated {
            switch test.matcher {
            case .numeric(let order, let values): numbers.narrow(order, values)
            case .date(let order, let values): moments.narrow(order, values)
            case .equals, .equalsIgnoringCase, .like, .bool, .isNull: break
            }
        }
        return numbers.isEmpty || moments.isEmpty
    }

    private func isWithin(_ theirs: [ValuePattern], of test: ClaimTest) -> Bool {
        tests.contains { own in
            guard let ours = own.wanted(guarantees) else { return false }
            guard guarantees.isSingle(path) || !own.takesAllValues && !test.takesAllValues else { return false }
            return ours.allSatisfy { our in theirs.contains { $0.covers(our) } }
        }
    }

    private func avoids(_ theirs: [ValuePattern], of test: ClaimTest) -> Bool {
        guard guarantees.isSingle(path) else { return false }
        return tests.contains { own in
            if let ours = own.wanted(guarantees) {
                return !ours.contains { our in theirs.contains { our.overlaps($0) } }
            }
            guard let ours = own.excluded(guarantees) else { return false }
            return theirs.allSatisfy { their in ours.contains { $0.covers(their) } }
        }
    }
}

extension ClaimGuarantees {
    fileprivate func mayHoldSeveral(_ tests: [ClaimTest]) -> Bool { !tests.allSatisfy { isSingle($0.path) } }
}

extension ClaimTest {
    fileprivate var takesAllValues: Bool { conditionOperator.quantifier == .forAllValues }

    fileprivate func isSame(as other: ClaimTest) -> Bool {
        conditionOperator == other.conditionOperator && path == other.path && matcher == other.matcher
    }
}
