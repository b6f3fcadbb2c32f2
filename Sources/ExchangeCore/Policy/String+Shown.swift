extension String {
    /// The text for a fault: in quotes, cut, without control characters.
    var quoted: String { "'\(shown(upTo: 80))'" }

    /// At most `limit` Unicode scalars, with a mark in place of each control character: a fault is one line.
    func shown(upTo limit: Int) -> String {
        var shown = ""
        for scalar in unicodeScalars.prefix(limit) {
            shown.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return unicodeScalars.count > limit ? shown + "..." : shown
    }
}
