/// The parts of a pattern of `sub`, `repo:<org>/<name>:ref:<ref>:event:<event>`, as far as it names them.
struct SubjectShape {
    /// What stands where the organisation does, up to the slash.
    let organisation: [PolicySymbol]
    /// What stands where the repository's name does, up to the colon; empty where the pattern has no slash.
    let name: [PolicySymbol]
    /// What follows `ref:`, to the end; nil where the pattern does not come to it in letters.
    let afterRef: [PolicySymbol]?
    /// Whether it begins with `repo:` in letters.
    let isOfRepository: Bool

    init(_ pattern: ValuePattern) {
        let front = ValuePattern(literal: "repo:").symbols
        isOfRepository = pattern.symbols.starts(with: front)
        let rest = isOfRepository ? pattern.symbols[front.count...] : pattern.symbols[...]
        organisation = Array(rest.before("/"))
        let afterSlash = rest.dropFirst(organisation.count + 1)
        name = Array(afterSlash.before(":"))
        let afterName = afterSlash.dropFirst(name.count)
        let mark = ValuePattern(literal: ":ref:").symbols
        afterRef = afterName.starts(with: mark) ? Array(afterName.dropFirst(mark.count)) : nil
    }

    /// `org/name`, where both are written out.
    var repository: String? {
        guard isOfRepository, !name.isEmpty, !organisation.hasWildcard, !name.hasWildcard else { return nil }
        return ValuePattern(symbols: organisation + [.letter("/")] + name).description
    }
}
