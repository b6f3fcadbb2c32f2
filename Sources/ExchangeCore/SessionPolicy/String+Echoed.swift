extension String {
    /// The text for a sentence about it: in quotes, cut to `limit` characters, with a `?` in place of each that is not
    /// printable ASCII. With a Sid of 24 characters beside it a fault shows 64 characters of its document at most.
    func echoed(upTo limit: Int = 40) -> String {
        let shown = unicodeScalars.prefix(limit).map { (0x20...0x7E).contains($0.value) ? $0 : "?" }
        let isCut = unicodeScalars.dropFirst(limit).first != nil
        var text = "'"
        text.unicodeScalars.append(contentsOf: shown)
        return text + (isCut ? "...'" : "'")
    }
}
