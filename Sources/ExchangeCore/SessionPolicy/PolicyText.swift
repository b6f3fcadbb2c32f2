/// One sign of a policy's text.
enum PolicySymbol: Sendable, Hashable {
    /// Itself; `${*}`, `${?}` and `${$}` are letters too.
    case letter(Unicode.Scalar)
    /// `?`
    case anyLetter
    /// `*`
    case anything
    /// `${...}` by the UTF-8 of its whole text. AWS puts a value in its place, of which nothing is known.
    case variable([UInt8])
}

/// A text of a policy in which wildcards and policy variables are told from letters.
struct PolicyText: Sendable {
    let text: String
    let symbols: [PolicySymbol]
    /// The variables that have no default: where one has no value, AWS passes over the whole statement.
    let unboundVariables: Set<[UInt8]>

    init(parsing text: String) throws(PolicyTextFault) {
        var reader = PolicyTextReader(text)
        self.text = text
        symbols = try reader.symbols()
        unboundVariables = reader.unboundVariables
    }

    /// `*`
    static let anything = PolicyText()

    private init() {
        text = "*"
        symbols = [.anything]
        unboundVariables = []
    }

    var holdsVariable: Bool {
        symbols.contains { if case .variable = $0 { true } else { false } }
    }
}

/// What is wrong with a text, as the end of a sentence that begins with it.
struct PolicyTextFault: Error {
    let reason: String
}

/// Reads the signs of a text from its front.
private struct PolicyTextReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private(set) var unboundVariables: Set<[UInt8]> = []

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func symbols() throws(PolicyTextFault) -> [PolicySymbol] {
        var symbols: [PolicySymbol] = []
        while position < scalars.count { symbols.append(try symbol()) }
        return symbols
    }

    private mutating func symbol() throws(PolicyTextFault) -> PolicySymbol {
        let scalar = scalars[position]
        if scalar == "$", position + 1 < scalars.count, scalars[position + 1] == "{" { return try variable() }
        position += 1
        switch scalar {
        case "*": return .anything
        case "?": return .anyLetter
        default: return .letter(scalar)
        }
    }

    /// Reads from `${` to its `}`. A default holds no brace, so that every reader sees the same end.
    private mutating func variable() throws(PolicyTextFault) -> PolicySymbol {
        let rest = scalars[position...]
        guard let end = rest.firstIndex(of: "}") else {
            throw PolicyTextFault(reason: "has a '${' without '}'; close it, or write ${$}{ for the letters")
        }
        let body = rest[(position + 2)..<end]
        let spelt = String(String.UnicodeScalarView(rest[...end]))
        position = end + 1
        if body.count == 1, let letter = body.first, "*?$".unicodeScalars.contains(letter) { return .letter(letter) }
        let variable = PolicySymbol.variable(Array(spelt.utf8))
        guard let comma = body.firstIndex(of: ",") else {
            try check(key: body)
            unboundVariables.insert(Array(spelt.utf8))
            return variable
        }
        try check(key: body[..<comma])
        try check(quoted: body[(comma + 1)...])
        return variable
    }

    private func check(key: ArraySlice<Unicode.Scalar>) throws(PolicyTextFault) {
        let isSound = key.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !"${}*?'\"".unicodeScalars.contains($0) }
        guard !key.isEmpty, isSound else {
            throw PolicyTextFault(
                reason: "has a policy variable that names no key; write one as ${aws:username} or ${*}, ${?}, ${$}")
        }
    }

    private func check(quoted text: ArraySlice<Unicode.Scalar>) throws(PolicyTextFault) {
        let text = text.drop { $0 == " " }
        let inside = text.dropFirst().dropLast()
        guard text.count >= 2, text.first == "'", text.last == "'",
            inside.allSatisfy({ !"${'".unicodeScalars.contains($0) })
        else {
            throw PolicyTextFault(
                reason: "has a policy variable with a default that is not in quotes; write ${key, 'default'}")
        }
    }
}
