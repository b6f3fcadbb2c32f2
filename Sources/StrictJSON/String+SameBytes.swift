extension String {
    /// Whether both are spelt with the same bytes. Swift's `==` takes the Kelvin sign for a K, and a letter with an accent
    /// for the letter and the accent; the parties that we talk to do not.
    package func hasSameBytes(as other: String) -> Bool {
        let (left, right) = (utf8.span, other.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
