import Testing

@testable import ExchangeCore

@Suite struct ValuePatternTests {
    @Test(arguments: [
        ("a", "a", true), ("a", "b", false), ("*", "", true), ("?", "", false), ("a*", "*b", true),
        ("a*c", "ab*", true),
        ("a*c", "b*", false), ("a?", "?b", true), ("*a*", "*b*", true), ("ab", "a?b", false), ("??", "*é", true),
        ("repo:o/r:*", "repo:*/*:ref:*:event:*", true), ("o/r:*", "repo:*/*:ref:*:event:*", false),
        ("repo:o/r", "repo:*/*:ref:*:event:*", false), ("*:event:tag", "repo:o/r:ref:*:event:push", false),
        ("", "", true), ("", "**", true),
    ])
    func `says whether any text is like both`(_ one: String, _ other: String, _ overlaps: Bool) {
        #expect(ValuePattern(like: one).overlaps(ValuePattern(like: other)) == overlaps)
        #expect(ValuePattern(like: other).overlaps(ValuePattern(like: one)) == overlaps)
    }

    @Test(arguments: [
        ("*", "a*b", true), ("refs/*", "refs/heads/*", true), ("refs/heads/*", "refs/*", false), ("a?", "ab", true),
        ("a?", "a*", false), ("a*", "a", true), ("*:event:push", "repo:o/r:ref:*:event:push", true),
    ])
    func `says whether one takes all of another`(_ one: String, _ other: String, _ covers: Bool) {
        #expect(ValuePattern(like: one).covers(ValuePattern(like: other)) == covers)
    }

    @Test func `a literal star is a star`() {
        #expect(!ValuePattern(literal: "a*").overlaps(ValuePattern(like: "ab")))
        #expect(ValuePattern(literal: "a*").overlaps(ValuePattern(like: "a?")))
        #expect(ValuePattern(literal: "a*").literal == "a*")
        #expect(ValuePattern(like: "a*").literal == nil)
    }

    /// All patterns of up to three signs, against all texts that could tell them apart.
    @Test func `agrees with the matcher on every short pattern`() {
        let texts = Self.words(of: "ab", upTo: 6)
        let patterns = Self.words(of: "ab*?", upTo: 3)
        let takes = patterns.map { pattern in
            Set(texts.indices.filter { Wildcard(pattern).matches(Array(texts[$0].utf8)) })
        }
        let values = patterns.map(ValuePattern.init(like:))
        for one in patterns.indices {
            for other in patterns.indices {
                let isCommon = !takes[one].isDisjoint(with: takes[other])
                #expect(values[one].overlaps(values[other]) == isCommon, "\(patterns[one]) and \(patterns[other])")
                if values[one].covers(values[other]) {
                    #expect(takes[one].isSuperset(of: takes[other]), "\(patterns[one]) over \(patterns[other])")
                }
            }
        }
    }

    private static func words(of letters: String, upTo length: Int) -> [String] {
        guard length > 0 else { return [""] }
        let shorter = words(of: letters, upTo: length - 1)
        return [""] + letters.flatMap { letter in shorter.map { "\(letter)\($0)" } }
    }
}
