/// Why bytes are not the JSON we take, and where.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of fault.
    package enum Reason: Sendable, Equatable {
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case trailingBytes
        case invalidLiteral
        case invalidNumber
        case invalidEscape
        case loneSurrogate
        case controlCharacter
        case invalidUTF8
        /// The name is not shown: it may be part of a token.
        case duplicateName
        /// A name beyond ASCII that is too long to be compared safely.
        case nameTooLong
        case tooDeep
        case tooManyValues
    }

    package let reason: Reason
    /// The offset of the fault in bytes from the start of the document.
    package let offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(sentence) at byte \(offset)" }

    private var sentence: String {
        switch reason {
        case .unexpectedEnd: "unexpected end of the JSON document"
        case .unexpectedByte(let byte): "unexpected byte 0x\(String(byte, radix: 16)) in the JSON document"
        case .trailingBytes: "bytes after the end of the JSON document"
        case .invalidLiteral: "a word that is not true, false or null"
        case .invalidNumber: "a number that JSON does not allow"
        case .invalidEscape: "an escape that JSON does not allow"
        case .loneSurrogate: "half of a surrogate pair"
        case .controlCharacter: "a control character in a string"
        case .invalidUTF8: "bytes that are not UTF-8"
        case .duplicateName: "a member name that occurs twice"
        case .nameTooLong: "a member name beyond ASCII of more than \(NameSet.longestBeyondASCII) bytes"
        case .tooDeep: "more nesting than is allowed"
        case .tooManyValues: "more values than are allowed"
        }
    }
}

/// How much a document may hold. The number of bytes is the caller's to bound.
package struct JSONLimits: Sendable {
    /// The depth of nesting; a scalar has depth 1. 32 is four times what a session policy needs.
    package var depth: Int
    /// The number of values of any kind.
    package var values: Int

    package init(depth: Int = 32, values: Int = 20_000) {
        self.depth = depth
        self.values = values
    }
}
