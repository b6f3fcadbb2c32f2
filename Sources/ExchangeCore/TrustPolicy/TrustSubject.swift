/// A pattern of `sub` in a trust policy: Vela's own, or the gateway's, which may begin with the issuer's name in the policy.
struct TrustSubject {
    let pattern: ValuePattern
    /// The parts of Vela's own `sub`.
    let shape: SubjectShape
    /// Whether a wildcard stands before `repo:`, so that another server's repositories fit.
    let hasOpenFront: Bool

    init(_ pattern: ValuePattern, of source: TokenSource) {
        self.pattern = pattern
        let symbols = pattern.symbols
        let front = source == .vela ? 0 : Self.lengthOfIssuer(symbols)
        shape = SubjectShape(ValuePattern(symbols: Array(symbols[front...])))
        hasOpenFront =
            symbols[..<front].hasWildcard || symbols.first.map { $0 == .anything || $0 == .anyLetter } ?? false
    }

    /// Of `vela:repo:octo-org/...`, that of `vela:`; 0 where it is not there.
    private static func lengthOfIssuer(_ symbols: [PolicySymbol]) -> Int {
        let mark = ValuePattern(literal: ":repo:").symbols
        guard !symbols.starts(with: mark.dropFirst()) else { return 0 }
        return symbols.indices.first { symbols[$0...].starts(with: mark) }.map { $0 + 1 } ?? 0
    }

    /// It takes whatever comes.
    var isOpen: Bool { pattern.symbols.contains(.anything) && pattern.symbols.allSatisfy { $0.isAnyText } }

    /// Whether repositories of other organisations fit.
    var hasOrganisationWildcard: Bool { hasOpenFront || shape.isOfRepository && shape.organisation.hasWildcard }

    /// Whether a wildcard takes a part of the repository's name.
    var hasPartOfName: Bool {
        shape.isOfRepository && shape.name.hasWildcard && !shape.name.allSatisfy(\.isAnyText)
    }

    /// Every `sub` that Vela writes is like it.
    static let ofVela = ValuePattern(like: "repo:?*/?*:ref:*:event:?*")
}

extension PolicySymbol {
    fileprivate var isAnyText: Bool { self == .anything || self == .anyLetter }
}
