import Secrets

/// Text of others, made fit to be shown: on one line, not too long, and without our secrets.
enum Printable {
    /// `text` with a space in place of each control character, so that a terminal obeys nobody but its user.
    static func text(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// What a server said, in at most 500 characters; nothing of it when it repeats one of `secrets`.
    static func quote(_ said: String, hiding secrets: [Secret]) -> String {
        let bytes = Array(said.utf8)
        if secrets.contains(where: { $0.occurs(in: bytes.span) }) { return "(not shown, because it repeats a secret)" }
        let short = text(said).prefix(500)
        return short.endIndex < said.endIndex ? short + "..." : String(short)
    }
}

extension Secret {
    /// Whether these bytes stand somewhere in `text`. An empty secret stands nowhere.
    fileprivate func occurs(in text: Span<UInt8>) -> Bool {
        guard !isEmpty, count <= text.count else { return false }
        return withBytes { secret in
            (0...(text.count - secret.count)).contains { start in
                secret.indices.allSatisfy { secret[$0] == text[start + $0] }
            }
        }
    }
}
