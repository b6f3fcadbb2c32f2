/// The texts that one value of a condition stands for: a literal one, or those that are like a pattern.
///
/// Two questions are asked of two patterns: whether any text is like both, and whether one takes all that the other takes.
struct ValuePattern: Sendable, Hashable {
    let symbols: [PolicySymbol]

    init(symbols: [PolicySymbol]) { self.symbols = symbols }

    /// The text alone; `*` in it is a star.
    init(literal text: String) { symbols = text.unicodeScalars.map(PolicySymbol.letter) }

    /// With wildcards.
    init(like text: String) { self.init(Wildcard(text)) }

    init(_ wildcard: Wildcard) {
        symbols = String(decoding: wildcard.pattern, as: UTF8.self).unicodeScalars.map { scalar in
            switch scalar {
            case "*": .anything
            case "?": .anyLetter
            default: .letter(scalar)
            }
        }
    }

    /// The one text that it takes; nil where it has wildcards.
    var literal: String? { symbols.hasWildcard ? nil : description }

    /// Whether any text is like both. Exact.
    func overlaps(_ other: ValuePattern) -> Bool {
        // At index n: whether some text is like this pattern's signs so far and the other's first n.
        var reached = Self.afterStars(of: other, from: [true] + [Bool](repeating: false, count: other.symbols.count))
        for symbol in symbols { reached = Self.step(symbol, from: reached, over: other) }
        return reached[other.symbols.count]
    }

    /// Whether every text that is like `other` is like this one. It may say no where that is so, never yes where it is not.
    func covers(_ other: ValuePattern) -> Bool {
        PatternCover(symbols, reading: .anywhere).covers(other.symbols)
    }

    /// One more sign of this pattern.
    private static func step(_ symbol: PolicySymbol, from reached: [Bool], over other: ValuePattern) -> [Bool] {
        if symbol == .anything {
            // A star takes whatever stands there, so all that comes after the first place is reached.
            let first = reached.firstIndex(of: true) ?? reached.count
            return reached.indices.map { $0 >= first }
        }
        var next = [Bool](repeating: false, count: reached.count)
        for (index, theirs) in other.symbols.enumerated() where reached[index] {
            if theirs == .anything { next[index] = true }
            if theirs != .anything, symbol.agrees(with: theirs) { next[index + 1] = true }
        }
        return afterStars(of: other, from: next)
    }

    /// A star of the other pattern may stand for nothing.
    private static func afterStars(of other: ValuePattern, from reached: [Bool]) -> [Bool] {
        var reached = reached
        for (index, theirs) in other.symbols.enumerated() where reached[index] && theirs == .anything {
            reached[index + 1] = true
        }
        return reached
    }
}

extension ValuePattern: CustomStringConvertible {
    /// As it would be written in a policy.
    var description: String {
        symbols.reduce(into: "") { text, symbol in
            switch symbol {
            case .letter(let scalar): text.unicodeScalars.append(scalar)
            case .anyLetter: text += "?"
            case .anything: text += "*"
            case .variable(let name): text += String(decoding: name, as: UTF8.self)
            }
        }
    }

    static func + (left: ValuePattern, right: ValuePattern) -> ValuePattern {
        ValuePattern(symbols: left.symbols + right.symbols)
    }
}

extension PolicySymbol {
    /// Whether one character can be both; neither is a star.
    fileprivate func agrees(with other: PolicySymbol) -> Bool {
        self == .anyLetter || other == .anyLetter || self == other
    }
}

extension Collection<PolicySymbol> {
    var hasWildcard: Bool { contains { $0 == .anything || $0 == .anyLetter } }

    /// What stands before the first `letter`; everything where there is none.
    func before(_ letter: Unicode.Scalar) -> SubSequence { prefix { $0 != .letter(letter) } }
}
