/// How far a wildcard reaches. AWS's words leave room for several readings, so a proof is made for each.
enum WildcardReading: Sendable {
    /// `*` and `?` stand for any characters.
    case anywhere
    /// Only a `*` before a colon or at the end crosses colons ("can expand to match beyond the colon boundaries", says the
    /// IAM user guide of the last `*` of a segment). A variable of the covered pattern counts as a `*` in its place.
    case withinParts
}

/// A pattern made ready to say of others whether every text that they match is one that it matches.
///
/// Sound: both patterns are sequences of signs, each of which stands for a set of texts, and a pattern for their
/// concatenations. `covers` says yes only when the other's signs can be cut into runs, one for each element of this
/// pattern, so that each run's texts are among its element's; then so are the concatenations, whatever a variable stands
/// for, as it stands for the same text on both sides. It may say no to what is covered case by case, never yes to what is
/// not. It takes a step for each pair of signs, so 2,048 times 2,048 of two whole documents at most.
struct PatternCover: Sendable {
    private let elements: [Element]

    init(_ symbols: [PolicySymbol], reading: WildcardReading) {
        elements =
            switch reading {
            case .anywhere: Self.merged(symbols)
            case .withinParts: Self.inParts(symbols)
            }
    }

    func covers(_ pattern: [PolicySymbol]) -> Bool {
        let runs = PatternRuns(pattern)
        // At index n: whether the elements so far cover the first n signs.
        var reached = [true] + [Bool](repeating: false, count: pattern.count)
        for element in elements {
            reached = element.step(from: reached, over: runs)
        }
        return reached[pattern.count]
    }

    /// Neighbouring wildcards are one gap of a least length: `?*` and `*?` match the same.
    private static func merged(_ symbols: [PolicySymbol]) -> [Element] {
        var elements: [Element] = []
        for run in symbols.runsOfWildcards {
            if run.contains(.anything) {
                let least = run.count { $0 == .anyLetter }
                elements.append(.gap(least: least, crossesColons: true))
            } else {
                elements += run.map { Element($0, crossesColons: true) }
            }
        }
        return elements
    }

    private static func inParts(_ symbols: [PolicySymbol]) -> [Element] {
        symbols.indices.map { index in
            Element(symbols[index], crossesColons: symbols[index] == .anything && symbols.endsPart(at: index))
        }
    }
}

/// A piece of a covering pattern.
private enum Element: Sendable {
    case letter(Unicode.Scalar)
    case anyLetter(takesColon: Bool)
    /// Any text of at least so many characters.
    case gap(least: Int, crossesColons: Bool)
    /// The same variable in the same spelling. Its value may be empty, so no wildcard counts on a character of it.
    case variable([UInt8])

    init(_ symbol: PolicySymbol, crossesColons: Bool) {
        switch symbol {
        case .letter(let letter): self = .letter(letter)
        case .anyLetter: self = .anyLetter(takesColon: crossesColons)
        case .anything: self = .gap(least: 0, crossesColons: crossesColons)
        case .variable(let name): self = .variable(name)
        }
    }

    func step(from reached: [Bool], over runs: PatternRuns) -> [Bool] {
        if case .gap(let least, let crossesColons) = self {
            return Self.stretch(reached, least: least, crossesColons: crossesColons, over: runs)
        }
        var next = [Bool](repeating: false, count: reached.count)
        for index in runs.symbols.indices where reached[index] && covers(runs.symbols[index]) { next[index + 1] = true }
        return next
    }

    private func covers(_ symbol: PolicySymbol) -> Bool {
        switch (self, symbol) {
        case (.letter(let ours), .letter(let theirs)): ours == theirs
        case (.variable(let ours), .variable(let theirs)): ours == theirs
        case (.anyLetter, .anyLetter): true
        // Of other characters nobody says whether AWS counts them as one.
        case (.anyLetter(let takesColon), .letter(let theirs)): theirs.isASCII && (takesColon || theirs != ":")
        case (.letter, _), (.variable, _), (.anyLetter, _), (.gap, _): false
        }
    }

    /// The earliest start leaves the most characters for the gap, so no other need be tried.
    ///
    /// A gap that does not cross colons takes no colon, and so none of the wildcards and variables that may stand for one:
    /// they stand before a colon or at the end, and such a gap does neither, so it would have to take that colon as well.
    private static func stretch(_ reached: [Bool], least: Int, crossesColons: Bool, over runs: PatternRuns) -> [Bool] {
        var next = [Bool](repeating: false, count: reached.count)
        var start: Int?
        for end in reached.indices {
            if end > 0, !crossesColons, runs.symbols[end - 1] == .letter(":") { start = nil }
            if start == nil, reached[end] { start = end }
            if let start, runs.leastLength[end] - runs.leastLength[start] >= least { next[end] = true }
        }
        return next
    }
}

/// What is known of the texts of the pattern that is to be covered.
private struct PatternRuns {
    let symbols: [PolicySymbol]
    /// At index n: the fewest characters of the first n signs.
    let leastLength: [Int]

    init(_ symbols: [PolicySymbol]) {
        self.symbols = symbols
        leastLength = symbols.reduce(into: [0]) { lengths, symbol in
            lengths.append(lengths[lengths.count - 1] + symbol.leastLength)
        }
    }
}

extension PolicySymbol {
    fileprivate var isWildcard: Bool { self == .anything || self == .anyLetter }

    fileprivate var leastLength: Int {
        switch self {
        case .letter, .anyLetter: 1
        case .anything, .variable: 0
        }
    }
}

extension [PolicySymbol] {
    /// Whether the sign is the last of its part.
    fileprivate func endsPart(at index: Int) -> Bool { index + 1 == count || self[index + 1] == .letter(":") }

    /// Runs of neighbouring wildcards; every other sign is a run of its own.
    fileprivate var runsOfWildcards: [[PolicySymbol]] {
        reduce(into: []) { runs, symbol in
            if symbol.isWildcard, let last = runs.last, last[0].isWildcard {
                runs[runs.count - 1].append(symbol)
            } else {
                runs.append([symbol])
            }
        }
    }
}
