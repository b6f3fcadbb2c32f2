/// A resource as a policy names it: `*`, or an ARN with wildcards and policy variables.
struct ResourcePattern: Sendable {
    let source: PolicyText
    /// What stands between the first five colons and after them: fewer than six where the ARN is short.
    let segments: [[PolicySymbol]]

    var text: String { source.text }
    var symbols: [PolicySymbol] { source.symbols }
    var isEverything: Bool { symbols == [.anything] }

    static let everything = ResourcePattern()

    private init() {
        source = .anything
        segments = [[.anything]]
    }

    /// A short ARN is taken, as AWS takes it and fills it up; but nothing is ever proved of it.
    init(parsing text: String) throws(PolicyTextFault) {
        source = try PolicyText(parsing: text)
        segments = source.symbols.split(
            separator: .letter(":"), maxSplits: 5, omittingEmptySubsequences: false
        ).map(Array.init)
        guard isEverything || isARN else {
            throw PolicyTextFault(reason: "is no resource; write * or an ARN, as in arn:aws:s3:::bucket/*")
        }
    }

    private var isARN: Bool {
        segments.count >= 3 && segments[0] == "arn".unicodeScalars.map(PolicySymbol.letter)
            && !segments[1].isEmpty && !segments[2].isEmpty
    }

    /// Why AWS may read more into it than is written there; nil when nothing is left to chance.
    var doubt: String? {
        if isEverything { return nil }
        guard segments.count == 6 else {
            return
                "is a short ARN, which AWS fills up with wildcards; write all six segments, as in arn:aws:s3:::bucket"
        }
        guard segments[1...2].joined().allSatisfy(\.isLetter) else {
            return "has a wildcard in its partition or service; name both, as in arn:aws:s3:::bucket"
        }
        // AWS puts in no values there, and a value may hold colons.
        guard !holdsDollarBeforeResource else {
            return "has a '$' before its fifth colon, where AWS fills in no variable; write the value or *"
        }
        return nil
    }

    /// By the text, because `${*}` is no wildcard only where AWS looks for variables at all.
    private var holdsDollarBeforeResource: Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
        return parts.prefix(5).joined().contains(UInt8(ascii: "$"))
    }
}

extension PolicySymbol {
    fileprivate var isLetter: Bool { if case .letter = self { true } else { false } }
}
