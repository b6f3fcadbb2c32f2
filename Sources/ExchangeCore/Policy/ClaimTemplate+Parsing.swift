extension ClaimTemplate {
    /// Where a template stands: what it is called in faults, and what its literal text may hold.
    struct Place {
        let key: String
        /// In words, for faults.
        let form: String
        let isFit: (Unicode.Scalar) -> Bool
        /// Stands for `{issuer}`, the policy's own name of the issuer; nil where that is a claim like any other.
        var issuer: String?
    }

    /// Reads `{claim}` and literal text. Nil after a fault.
    static func parse(_ node: SourceNode, as place: Place, schema: ClaimSchema, scope: FaultScope) -> ClaimTemplate? {
        guard let text = node.text(place.key, scope: scope) else { return nil }
        guard (1...256).contains(text.utf8.count), let parts = parts(of: text, in: place, schema: schema) else {
            scope.report("\(place.key) \(text.quoted) must be 1 to 256 of \(place.form)", at: node.position)
            return nil
        }
        for case .claim(let path, _) in parts {
            _ = schema.claim(path.description, as: .text, at: node.position, scope: scope)
        }
        return ClaimTemplate(text: text, parts: parts)
    }

    /// Nil for an unfit character or a brace that does not close, is empty or stands in another.
    private static func parts(of text: String, in place: Place, schema: ClaimSchema) -> [Part]? {
        var parts: [Part] = []
        var rest = text.unicodeScalars[...]
        while let first = rest.first {
            if first == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                guard let path = ClaimPath(parsing: String(rest[..<end].dropFirst())) else { return nil }
                guard path.description.unicodeScalars.allSatisfy({ $0 != "{" }) else { return nil }
                if let issuer = place.issuer, path.description == "issuer" {
                    parts.append(.literal(issuer))
                } else {
                    parts.append(.claim(path, isDigits: schema.isDigits(path)))
                }
                rest = rest[end...].dropFirst()
            } else {
                let literal = rest.prefix { $0 != "{" }
                guard literal.allSatisfy(place.isFit) else { return nil }
                parts.append(.literal(String(literal)))
                rest = rest[literal.endIndex...]
            }
        }
        return parts
    }
}
