import StrictJSON

/// Finds the conditions that a token can meet without trying each, so that a decision does not grow with the policy.
///
/// Each condition is filed under its most telling test: a positive StringEquals or StringLike that fewest others share. Only a
/// token with one of the wanted values, or a wanted front, can meet it. What has no such test is tried every time.
struct RuleIndex: Sendable {
    private var files: [ClaimPath: File] = [:]
    private var unfiled: [Int] = []

    /// The conditions that are filed under one claim.
    fileprivate struct File: Sendable {
        var equal: [[UInt8]: [Int]] = [:]
        var fronts: [[UInt8]: [Int]] = [:]
        var table = PrefixTable([:])
        var all: [Int] = []
    }

    init(of conditions: [Condition]) {
        let crowds = Self.crowds(conditions)
        for (number, condition) in conditions.enumerated() {
            let filings = condition.tests.compactMap(TestKeys.init)
            guard let best = filings.min(by: { $0.crowd(crowds) < $1.crowd(crowds) }) else {
                unfiled.append(number)
                continue
            }
            for key in best.keys {
                switch key.kind {
                case .equal: files[key.path, default: File()].equal[key.bytes, default: []].append(number)
                case .front: files[key.path, default: File()].fronts[key.bytes, default: []].append(number)
                }
            }
            files[best.path, default: File()].all.append(number)
        }
        files = files.mapValues { file in
            var file = file
            file.table = PrefixTable(file.fronts)
            return file
        }
    }

    /// The numbers of the conditions that `claims` may meet, in their order. A doubt counts as `effect` says, so that for a deny
    /// a claim that cannot be read brings up all that ask for it.
    func candidates(for claims: Claims, effect: Effect) -> [Int] {
        var found = unfiled
        for (path, file) in files { found += file.candidates(for: claims[path], effect: effect) }
        // One of them, as for most tokens, is neither twice there nor out of order.
        return files.isEmpty || found.count < 2 ? found : Set(found).sorted()
    }

    /// How many conditions share each key.
    private static func crowds(_ conditions: [Condition]) -> [IndexKey: Int] {
        var crowds: [IndexKey: Int] = [:]
        for condition in conditions {
            for test in condition.tests {
                for key in TestKeys(test)?.keys ?? [] { crowds[key, default: 0] += 1 }
            }
        }
        return crowds
    }
}

extension RuleIndex.File {
    fileprivate func candidates(for claim: Claim, effect: Effect) -> [Int] {
        let doubtful = effect == .deny ? all : []
        switch claim {
        case .absent: return []
        case .unknown, .unfit: return doubtful
        case .present(let value):
            let values = value.array ?? [value]
            let texts = values.compactMap(\.string)
            guard texts.count == values.count else { return doubtful }
            return texts.flatMap { text in
                let bytes = Array(text.utf8)
                return equal[bytes, default: []] + table.members(for: bytes)
            }
        }
    }
}

/// A value, or the front of one, that a test wants.
private struct IndexKey: Hashable {
    enum Kind: Hashable { case equal, front }

    let path: ClaimPath
    let kind: Kind
    let bytes: [UInt8]
}

/// All keys of a test that can be filed: a token that has none of them does not meet it.
private struct TestKeys {
    let path: ClaimPath
    let keys: [IndexKey]

    /// Nil for a test that an absent or another value can meet.
    init?(_ test: ClaimTest) {
        let conditionOperator = test.conditionOperator
        guard !conditionOperator.isIfExists, conditionOperator.quantifier != .forAllValues else { return nil }
        path = test.path
        switch (conditionOperator.comparison, test.matcher) {
        case (.stringEquals, .equals(let texts)):
            keys = texts.map { IndexKey(path: test.path, kind: .equal, bytes: $0) }
        case (.stringLike, .like(let patterns)):
            let fronts = patterns.map(\.literalFront)
            guard !fronts.contains([]) else { return nil }
            keys = Set(fronts).map { IndexKey(path: test.path, kind: .front, bytes: $0) }
        default: return nil
        }
    }

    func crowd(_ crowds: [IndexKey: Int]) -> Int { keys.reduce(0) { $0 + crowds[$1, default: 0] } }
}
