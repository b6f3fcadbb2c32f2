extension String {
    /// Whether both are spelt with the same bytes. Swift's `==` takes the Kelvin sign for a K, and a letter with an accent
    /// for the letter and the accent; the parties that we talk to do not.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
