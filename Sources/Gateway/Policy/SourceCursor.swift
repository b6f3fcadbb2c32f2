import ExchangeCore

/// Looks up characters of a text at places that come in reading order, in one walk over the text.
///
/// A file of one long line is legal; counting its columns anew for each node would take the square of its length.
struct SourceCursor {
    private var rest: Substring.UnicodeScalarView
    private var place = SourcePosition(line: 1, column: 1)

    init(_ text: String) {
        rest = text[...].unicodeScalars
        // A byte order mark takes no column.
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
    }

    /// The character at `position`; nil beyond the end and before the last place asked for. Columns count Unicode scalars,
    /// line breaks are those of YAML 1.1, as libyaml counts.
    mutating func character(at position: SourcePosition) -> Unicode.Scalar? {
        while place < position, let scalar = rest.popFirst() {
            let isReturn = scalar == "\r" && rest.first == "\n"
            place = Self.isBreak(scalar) && !isReturn ? place.nextLine : place.nextColumn
        }
        return place == position ? rest.first : nil
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }
}

extension SourcePosition {
    fileprivate var nextLine: SourcePosition { SourcePosition(line: line + 1, column: 1) }
    fileprivate var nextColumn: SourcePosition { SourcePosition(line: line, column: column + 1) }
}
