/// An action as a policy names it: `*`, or `service:Action` with wildcards after the colon.
struct ActionPattern: Sendable {
    let text: String
    /// In lower case, because IAM takes actions without regard to case.
    let symbols: [PolicySymbol]

    var isEverything: Bool { symbols == [.anything] }

    static let everything = ActionPattern()

    private init() {
        text = "*"
        symbols = [.anything]
    }

    /// ASCII only, so that lower case means the same to everybody.
    init(parsing text: String) throws(PolicyTextFault) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let isEverything = text.utf8.elementsEqual("*".utf8)
        guard isEverything || parts.count == 2 && Self.isService(parts[0]) && Self.isAction(parts[1]) else {
            throw PolicyTextFault(
                reason: "is no action; write *, or service:Action with wildcards only after the colon, as in s3:Get*")
        }
        self.text = text
        symbols = text.utf8.map(Self.symbol)
    }

    private static func isService(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
    }

    private static func isAction(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    private static func symbol(_ byte: UInt8) -> PolicySymbol {
        switch byte {
        case UInt8(ascii: "*"): .anything
        case UInt8(ascii: "?"): .anyLetter
        default: .letter(Unicode.Scalar(byte.lowercased))
        }
    }
}
