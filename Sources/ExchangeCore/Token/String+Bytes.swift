import StrictJSON

extension StringProtocol {
    /// Whether both texts are the same bytes. Swift's `==` is canonical equivalence, by which two different names can
    /// be equal; a claim or a key id is compared with this.
    func isByteEqual(to other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

extension String {
    /// The same for two whole strings, which is cheaper.
    func isByteEqual(to other: String) -> Bool { hasSameBytes(as: other) }

    /// At most `limit` Unicode scalars, for causes and logs: a text from a token may be 20,000 bytes long.
    func cut(to limit: Int = 200) -> String {
        unicodeScalars.count <= limit ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(limit))) + "..."
    }
}
