/// A pattern with IAM's wildcards: `*` for any text, `?` for one character. It matches a whole value or not at all.
///
/// It works on UTF-8: nothing is normalised, and `?` takes one Unicode scalar. At most pattern times value steps, never
/// exponential: only the last `*` is ever tried again, because an earlier one has nothing to gain.
struct Wildcard: Sendable, Hashable {
    /// As written.
    let pattern: [UInt8]

    init(_ text: String) { pattern = Array(text.utf8) }

    /// It constrains nothing but, with `?`, the length: `*`, `**`, `?*`.
    var matchesAlmostAnything: Bool {
        pattern.contains(Self.star) && pattern.allSatisfy { $0 == Self.star || $0 == Self.question }
    }

    /// What every value that it matches begins with.
    var literalFront: [UInt8] { Array(pattern.prefix { $0 != Self.star && $0 != Self.question }) }

    func matches(_ value: [UInt8]) -> Bool {
        var next = 0
        var at = 0
        // Where to go on when the text after the last star does not fit here.
        var retry: Retry?
        while at < value.count {
            if next < pattern.count, pattern[next] == Self.star {
                next += 1
                retry = Retry(next: next, at: at)
            } else if next < pattern.count, let width = step(next, over: value, from: at) {
                next += 1
                at += width
            } else if let again = retry {
                let later = again.at + Self.scalarWidth(value, from: again.at)
                retry = Retry(next: again.next, at: later)
                next = again.next
                at = later
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == Self.star }
    }

    private struct Retry {
        let next: Int
        let at: Int
    }

    /// How many bytes of the value one byte of the pattern takes, nil when it does not fit.
    private func step(_ next: Int, over value: [UInt8], from at: Int) -> Int? {
        if pattern[next] == Self.question { return Self.scalarWidth(value, from: at) }
        return pattern[next] == value[at] ? 1 : nil
    }

    private static func scalarWidth(_ value: [UInt8], from at: Int) -> Int {
        1 + value[(at + 1)...].prefix { $0 & 0xC0 == 0x80 }.count
    }

    private static let star = UInt8(ascii: "*")
    private static let question = UInt8(ascii: "?")
}
