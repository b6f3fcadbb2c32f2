import StrictJSON

/// An id that the caller gave to a request, for finding it in log and audit under that name as well.
struct ClientRequestID: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// Takes 1 to 64 letters, digits and `.`, `_`, `:`, `-`: every UUID, ULID and trace id. Anything else is nil and not
    /// recorded, because a caller that is wrong may send a token here, and tokens and AWS's session tokens are longer.
    init?(parsing text: String) {
        let isFit = text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "._:-".utf8.contains($0) }
        guard (1...64).contains(text.utf8.count), isFit else { return nil }
        description = text
    }
}
