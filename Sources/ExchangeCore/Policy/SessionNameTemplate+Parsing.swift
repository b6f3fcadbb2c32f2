extension SessionNameTemplate {
    /// Reads `{claim}` and literal text; a literal holds only characters of a session name. Nil after a fault.
    static func parse(_ node: SourceNode, schema: ClaimSchema, scope: FaultScope) -> SessionNameTemplate? {
        guard let text = node.text("session_name", scope: scope) else { return nil }
        guard (1...256).contains(text.utf8.count), let parts = parts(of: text, schema: schema) else {
            let form =
                "letters, digits, any of +=,.@_- and claims in braces, as in \"{repo_org}.{repo_name}-{build_number}\""
            scope.report("session_name \(text.quoted) must be 1 to 256 of \(form)", at: node.position)
            return nil
        }
        for case .claim(let path, _) in parts {
            _ = schema.claim(path.description, as: .text, at: node.position, scope: scope)
        }
        return SessionNameTemplate(text: text, parts: parts)
    }

    /// Nil for an unfit character or a brace that does not close, is empty or stands in another.
    private static func parts(of text: String, schema: ClaimSchema) -> [Part]? {
        var parts: [Part] = []
        var rest = text.unicodeScalars[...]
        while let first = rest.first {
            if first == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                guard let path = ClaimPath(parsing: String(rest[..<end].dropFirst())) else { return nil }
                guard path.description.unicodeScalars.allSatisfy({ $0 != "{" }) else { return nil }
                parts.append(.claim(path, isDigits: schema.isDigits(path)))
                rest = rest[end...].dropFirst()
            } else {
                let literal = rest.prefix { $0 != "{" }
                guard literal.allSatisfy(isFit) else { return nil }
                parts.append(.literal(String(literal)))
                rest = rest[literal.endIndex...]
            }
        }
        return parts
    }
}
