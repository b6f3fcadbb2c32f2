import Secrets

/// AWS's own words about an error, fit to be shown: one line, bounded, and never a piece of the token.
enum STSMessage {
    /// Longer than any message of STS that was seen; a ValidationError repeats what it refuses.
    static let longest = 512
    /// As many bytes of the token in a row are no accident: 48 bits and more.
    private static let window = 8

    /// Cleans `message`. Where it repeats a piece of `token` it is withheld as a whole.
    static func clean(_ message: Secret, hiding token: Secret) -> String {
        let bytes = message.withBytes { bytes in bytes.indices.prefix(longest).map { bytes[$0] } }
        guard !repeats(bytes, token) else { return "(AWS's message repeats the token and is withheld)" }
        let text = String(decoding: bytes, as: UTF8.self)
        let scalars = text.unicodeScalars.map { $0.isPlain ? $0 : " " }
        return String(String.UnicodeScalarView(scalars)) + (message.count > longest ? "..." : "")
    }

    /// Whether any `window` bytes in a row of `token` stand in `text`.
    private static func repeats(_ text: [UInt8], _ token: Secret) -> Bool {
        var seen: Set<UInt64> = []
        text.withUnpackedWindows { seen.insert($0) }
        return token.withBytes { bytes in
            var last: UInt64 = 0
            for index in bytes.indices {
                last = last << 8 | UInt64(bytes[index])
                if index >= window - 1, seen.contains(last) { return true }
            }
            return false
        }
    }
}

extension [UInt8] {
    /// Each eight bytes in a row, as one number.
    fileprivate func withUnpackedWindows(_ body: (UInt64) -> Void) {
        var last: UInt64 = 0
        for (index, byte) in enumerated() {
            last = last << 8 | UInt64(byte)
            if index >= 7 { body(last) }
        }
    }
}

extension Unicode.Scalar {
    /// Neither a control character nor one that changes the direction or hides text.
    fileprivate var isPlain: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
