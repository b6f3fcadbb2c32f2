import Testing

@testable import ExchangeCore

@Suite struct PatternCoverTests {
    /// A pattern, another, and whether the first provably covers the second when wildcards reach anywhere.
    static let rows: [(String, String, Bool)] = [
        ("", "", true), ("", "a", false), ("a", "", false), ("a", "a", true), ("a", "b", false), ("a", "A", false),
        ("ab", "a", false), ("a", "ab", false), ("*", "", true), ("*", "a*b?", true), ("a*", "a", true),
        ("a", "a*", false), ("a*", "a*", true), ("a*", "b*", false), ("a*", "*", false), ("a*", "ab*c", true),
        ("*a", "ba", true), ("*a", "*a*", false), ("*a*", "*ba", true), ("*a*", "b*", false), ("?", "a", true),
        ("?", "?", true), ("?", "", false), ("?", "*", false), ("*", "?", true), ("a", "?", false), ("??", "a?", true),
        ("??", "a", false), ("?*", "*", false), ("?*", "a*", true), ("?*", "*a", true), ("?*", "*?", true),
        ("*?", "?*", true), ("*?*?*", "a*b", true), ("*?*?*", "*a*", false), ("**", "*", true), ("*", "**", true),
        ("a*b*c", "abc", true), ("a*b*c", "a*b*c", true), ("a*b*c", "a*c", false), ("a*b*c", "axbxbxc", true),
        ("a*aab", "aaab", true), ("a*aab", "a*aaab", true), ("a?c*", "abc*", true), ("a?c*", "a*c*", false),
        ("a*/x", "a/b:c/x", true), ("a?b", "a:b", true), ("é*", "é", true), ("?", "é", false),
        ("?", "\u{1F600}", false),
        ("*", "é", true), ("é", "e\u{301}", false), ("?*", "é", true),
        // Variables: only themselves, or under a star.
        ("${v}", "${v}", true), ("${v}", "${w}", false), ("${v}", "${V}", false), ("${v}", "a", false),
        ("${v}", "*", false), ("${v}", "${v}*", false), ("${v}", "*${v}", false), ("${v}*", "${v}*", true),
        ("${v}*", "${v}a*", true), ("${v}*", "a${v}", false), ("*", "${v}", true), ("a*", "a${v}", true),
        ("a*", "${v}", false), ("?", "${v}", false), ("?*", "${v}", false), ("?*", "${v}a", true), ("a", "${v}", false),
        ("${v}${w}", "${w}${v}", false), ("*${v}*", "a${v}", true), ("${v, 'x'}", "${v}", false), ("${v}", "x", false),
        // Letters that look like wildcards.
        ("${*}", "*", false), ("*", "${*}", true), ("${*}", "${*}", true), ("${?}", "?", false), ("?", "${?}", true),
        ("${?}", "a", false), ("${$}", "$", true), ("${$}{v}", "${v}", false), ("${*}", "a", false),
        ("$", "${$}", true),
    ]

    @Test(arguments: rows)
    func `proves inclusion and nothing else`(_ wide: String, _ narrow: String, _ isCovered: Bool) throws {
        #expect(try covers(wide, narrow, reading: .anywhere) == isCovered)
    }

    /// Patterns where stars cross colons only at the end of a part.
    static let partRows: [(String, String, Bool)] = [
        ("a*", "a:b", true), ("a*:c", "a:b:c", true), ("a*c", "a:c", false), ("a*c", "a?c", true), ("a*c", "a*c", true),
        ("a*", "a*c", true), ("*?", "a*", false), ("*?", "ab", true), ("a?c", "a:c", false), ("a*", "a${v}", true),
        ("a*c", "a${v}c", true), ("a*c", "a${v}:c", false), ("a*:c", "a${v}:c", true), ("*", "${v}", true),
        ("a*c*", "ab*", false), ("a*c*", "abc*", true), ("a*c*", "ac:*", true), ("a?", "a?", true), ("a**", "a*", true),
    ]

    @Test(arguments: partRows)
    func `proves inclusion where stars cross colons at the end of a part only`(
        _ wide: String, _ narrow: String, _ isCovered: Bool
    ) throws {
        #expect(try covers(wide, narrow, reading: .withinParts) == isCovered)
        // So that a ceiling need not try both.
        #expect(try !isCovered || covers(wide, narrow, reading: .anywhere))
    }

    /// Held against every text of up to seven letters: a proof must have no counterexample, and few inclusions may be
    /// missed. `c` stands in no pattern, for all the letters that none holds.
    @Test func `agrees with trying every short text`() throws {
        var random = SplitMix(state: 99)
        let texts = Self.texts(of: Array("abc".utf8), upTo: 7)
        let letters = Array("aabb***??".unicodeScalars)
        var proofs = 0
        var missed = 0
        for _ in 0..<3000 {
            let wide = random.text(of: letters, upTo: 5)
            let narrow = random.text(of: letters, upTo: 6)
            let (outer, inner) = (Wildcard(wide), Wildcard(narrow))
            let isContained = texts.allSatisfy { !inner.matches($0) || outer.matches($0) }
            let isCovered = try covers(wide, narrow, reading: .anywhere)
            try #require(isContained || !isCovered, "\(wide) does not cover \(narrow)")
            try #require(try isCovered || !covers(wide, narrow, reading: .withinParts), "\(wide) and \(narrow)")
            if isCovered { proofs += 1 } else if isContained { missed += 1 }
        }
        #expect(proofs > 300)
        #expect(missed * 50 < proofs, "\(missed) of \(proofs + missed) inclusions were not proved")
    }

    /// A step for each pair of signs: an exponential proof would not come back.
    @Test func `it is not exponential`() throws {
        let wide = String(repeating: "*a?", count: 680)
        let narrow = String(repeating: "*ba", count: 680)
        #expect(try covers(wide, narrow, reading: .anywhere) == false)
    }

    private func covers(_ wide: String, _ narrow: String, reading: WildcardReading) throws(PolicyTextFault) -> Bool {
        let cover = PatternCover(try PolicyText(parsing: wide).symbols, reading: reading)
        return cover.covers(try PolicyText(parsing: narrow).symbols)
    }

    private static func texts(of letters: [UInt8], upTo count: Int) -> [[UInt8]] {
        var texts: [[UInt8]] = [[]]
        var longest: [[UInt8]] = [[]]
        for _ in 0..<count {
            longest = longest.flatMap { text in letters.map { text + [$0] } }
            texts += longest
        }
        return texts
    }
}
