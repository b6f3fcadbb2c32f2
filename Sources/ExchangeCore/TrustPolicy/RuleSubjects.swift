/// What a rule's condition says of `sub`, in patterns that AWS can test.
struct RuleSubjects {
    /// Nil where the condition says nothing of it.
    let patterns: [ValuePattern]?

    /// A rule's condition may speak of `sub` itself, and of `repo`, `ref` and `event`, of which Vela makes it. Where one narrows
    /// the other, the narrower is taken; where they cross, the one of `sub`, and the gateway tests the rest.
    init(of tokens: TokenClass) {
        let subjects = tokens.wanted(of: "sub")
        let forms = tokens.guarantees.isVela ? VelaSubject(of: tokens).forms : nil
        guard let forms else {
            patterns = subjects
            return
        }
        let crossed = subjects?.flatMap { subject in forms.compactMap { subject.narrowed(by: $0) } } ?? forms
        patterns = crossed.map(\.withoutOpenEnd).widest
    }
}

extension ValuePattern {
    /// The pattern of what is like both, as far as one of the two is it; nil where nothing is.
    fileprivate func narrowed(by form: ValuePattern) -> ValuePattern? {
        if covers(form) { return form }
        return overlaps(form) ? self : nil
    }

    /// `repo:octo-org/octo-repo:*` for `repo:octo-org/octo-repo:ref:*:event:*`, which takes the same of what Vela writes.
    fileprivate var withoutOpenEnd: ValuePattern {
        let end = ValuePattern(like: ":ref:*:event:*").symbols
        guard symbols.count > end.count, symbols.suffix(end.count).elementsEqual(end) else { return self }
        return ValuePattern(symbols: symbols.dropLast(end.count) + [.letter(":"), .anything])
    }

    /// As a value of StringLike: a star that stands for itself is written as AWS wants it.
    var asStringLike: String {
        symbols.reduce(into: "") { text, symbol in
            switch symbol {
            case .letter("*"): text += "${*}"
            case .letter("?"): text += "${?}"
            case .letter(let scalar): text.unicodeScalars.append(scalar)
            case .anyLetter: text += "?"
            case .anything: text += "*"
            case .variable(let name): text += String(decoding: name, as: UTF8.self)
            }
        }
    }
}

extension [ValuePattern] {
    /// Without those that another one takes whole.
    fileprivate var widest: [ValuePattern] {
        reduce(into: []) { kept, pattern in
            guard !kept.contains(where: { $0.covers(pattern) }) else { return }
            kept.removeAll { pattern.covers($0) }
            kept.append(pattern)
        }
    }
}
