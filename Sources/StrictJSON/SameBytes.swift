extension String {
    /// Whether both are spelt with the same bytes. Swift's `==` takes the Kelvin sign for a K, and a letter with an accent
    /// for the letter and the accent; the parties that we talk to do not.
    package func hasSameBytes(as other: String) -> Bool {
        // Two names seldom have the same length, and a length is cheaper to see than bytes.
        utf8.count == other.utf8.count && utf8.span.hasSameBytes(as: other.utf8.span)
    }
}

extension Span<UInt8> {
    /// Whether both hold the same bytes.
    package func hasSameBytes(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
