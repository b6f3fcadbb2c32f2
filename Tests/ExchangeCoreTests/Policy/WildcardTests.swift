import Testing

@testable import ExchangeCore

@Suite struct WildcardTests {
    @Test(arguments: [
        ("", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false), ("a", "ba", false), ("*", "", true),
        ("*", "anything", true), ("?", "", false), ("?", "a", true), ("?", "ab", false), ("?", "é", true),
        ("??", "é", false),
        ("?", "😀", true), ("a*b", "ab", true), ("a*b", "axxb", true), ("a*b", "axxbc", false), ("*a*", "xxaxx", true),
        ("a**b", "ab", true), ("a*?b", "ab", false), ("a*?b", "axb", true), ("*ab", "aab", true),
        ("*aab", "aaab", true),
        ("repo:octo-org/octo-repo:*", "repo:octo-org/octo-repo:ref:x", true),
        ("repo:octo-org/octo-repo:*", "repo:octo-org/octo-repo2:ref:x", false),
        ("repo:octo-org/octo-repo:*", "xrepo:octo-org/octo-repo:ref", false),
        ("https://a.com", "https://a.com.evil.example", false), ("https://a.com*", "https://a.com.evil.example", true),
        ("golang:*", "golang:1.2", true), ("golang:*", "evil/golang:1.2", false), ("[a]", "a", false),
        (#"\*"#, "*", false),
        (#"\*"#, #"\anything"#, true), ("é", "e\u{301}", false), ("a", "A", false), ("a\nb*", "a\nbc", true),
    ])
    func `a pattern matches the whole value or not at all`(_ pattern: String, _ value: String, _ isMatch: Bool) {
        #expect(Wildcard(pattern).matches(Array(value.utf8)) == isMatch)
    }

    @Test func `it agrees with the naive matcher on random texts`() {
        var random = SplitMix(state: 7)
        let letters = Array("aab*?é😀".unicodeScalars)
        for _ in 0..<20_000 {
            let pattern = random.text(of: letters, upTo: 7)
            let value = random.text(of: letters, upTo: 9)
            let expected = naive(Array(pattern.unicodeScalars)[...], Array(value.unicodeScalars)[...])
            #expect(Wildcard(pattern).matches(Array(value.utf8)) == expected, "\(pattern) on \(value)")
        }
    }

    /// Two hundred stars against a text that fails at its end: an exponential matcher would not come back.
    @Test func `it is not exponential`() {
        let pattern = Wildcard(String(repeating: "a*", count: 200) + "b")
        #expect(!pattern.matches(Array(String(repeating: "a", count: 5000).utf8)))
    }

    @Test(arguments: [
        ("*", true), ("**", true), ("?*", true), ("*?", true), ("", false), ("?", false), ("a*", false), ("*:*", false),
    ])
    func `it knows when it constrains nothing`(_ pattern: String, _ isLax: Bool) {
        #expect(Wildcard(pattern).matchesAlmostAnything == isLax)
    }

    private func naive(_ pattern: ArraySlice<Unicode.Scalar>, _ value: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return value.isEmpty }
        if first == "*" {
            return naive(pattern.dropFirst(), value) || (!value.isEmpty && naive(pattern, value.dropFirst()))
        }
        guard let next = value.first, first == "?" || first == next else { return false }
        return naive(pattern.dropFirst(), value.dropFirst())
    }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func text(of letters: [Unicode.Scalar], upTo count: Int) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...count, using: &self) {
            if let letter = letters.randomElement(using: &self) { text.unicodeScalars.append(letter) }
        }
        return text
    }
}
