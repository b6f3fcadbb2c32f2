import StrictJSON

/// Text of the policy with `{claim}` in it, filled from a token.
struct ClaimTemplate: Sendable {
    /// As written in the file.
    let text: String
    let parts: [Part]

    enum Part: Sendable {
        case literal(String)
        /// `isDigits` when the verifier takes care of that: it tells apart what a `-` would blur.
        case claim(ClaimPath, isDigits: Bool)
    }

    /// The claims that it names, in order.
    var claims: [ClaimPath] { parts.compactMap { if case .claim(let path, _) = $0 { path } else { nil } } }

    /// The values of its claims, in order. A claim that is missing, empty, or not a single text is refused.
    func values(in claims: Claims) throws(UnfilledTemplate) -> [String] {
        var values: [String] = []
        for case .claim(let path, let isDigits) in parts {
            values.append(try Self.text(at: path, isDigits: isDigits, in: claims))
        }
        return values
    }

    /// The whole text, with `values` in place of the claims.
    func filled(with values: [String]) -> String {
        var text = ""
        var rest = values.makeIterator()
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .claim: text += rest.next() ?? ""
            }
        }
        return text
    }

    /// The whole text for `claims`, nothing of it repaired. A text that other values could have made too is refused: who chooses
    /// a part of one value could then pass for another caller.
    func plainText(for claims: Claims, within bounds: TextBounds) throws(UnfilledTemplate) -> String {
        let values = try values(in: claims)
        let text = filled(with: values)
        // The length first: reading a text takes time by its square.
        if let fault = bounds.fault(in: text) { throw UnfilledTemplate(reason: "\(words) \(fault)") }
        // One value alone cannot run into another.
        guard values.count < 2 || readings(of: text) == 1 else {
            throw UnfilledTemplate(reason: "\(words) can be read as other values of them; take fewer claims")
        }
        return text
    }

    /// What it is made of, for faults: never the values, which may be long and strange.
    private var words: String {
        claims.isEmpty
            ? "its text"
            : "what the claim\(claims.count == 1 ? "" : "s") \(claims.map(\.description).shownAsList) gives"
    }

    private static func text(
        at path: ClaimPath, isDigits: Bool, in claims: Claims
    ) throws(UnfilledTemplate) -> String {
        guard case .present(let value) = claims[path] else {
            throw UnfilledTemplate(reason: "the claim \(path) is missing")
        }
        guard let text = value.string else { throw UnfilledTemplate(reason: "the claim \(path) is not a text") }
        guard !text.isEmpty else { throw UnfilledTemplate(reason: "the claim \(path) is empty") }
        guard !isDigits || text.utf8.allSatisfy(\.isDigit) else {
            throw UnfilledTemplate(reason: "the claim \(path) is not digits")
        }
        return text
    }
}

/// What AWS takes as a text.
struct TextBounds: Sendable {
    /// In UTF-16 units, which for a character beyond the first plane is two: AWS does not say how it counts, so the stricter way.
    let length: ClosedRange<Int>
    /// The characters, in words.
    let form: String
    let isFit: @Sendable (Unicode.Scalar) -> Bool

    /// What is wrong with `text`; nil when AWS takes it.
    func fault(in text: String) -> String? {
        let count = text.utf16.count
        guard length.contains(count) else {
            return "is \(count) characters long; AWS takes \(length.lowerBound) to \(length.upperBound)"
        }
        return text.unicodeScalars.allSatisfy(isFit)
            ? nil : "holds a character that AWS does not take; it takes \(form)"
    }
}

/// A template that a token's claims do not fill.
struct UnfilledTemplate: Error {
    let reason: String
}
