// Numbers are checked and kept as they are written.
extension JSONParser {
    /// Reads a number: `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        let isNegative = skip(UInt8(ascii: "-"))
        if skip(UInt8(ascii: "0")) {
            guard skipDigits() == 0 else { throw JSONError(reason: .invalidNumber, offset: position - 1) }
        } else if skipDigits() == 0 {
            throw isNegative ? fault(.invalidNumber) : unexpected()
        }
        if skip(UInt8(ascii: ".")) { try requireDigits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "-")) { _ = skip(UInt8(ascii: "+")) }
            try requireDigits()
        }
        return JSONNumber(checked: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// Steps over `byte` when it is next; unlike `take`, the end of the document is no fault.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Steps over digits and says how many there were.
    private mutating func skipDigits() -> Int {
        var index = position
        while index < bytes.count, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") { index += 1 }
        defer { position = index }
        return index - position
    }

    private mutating func requireDigits() throws(JSONError) {
        guard skipDigits() > 0 else { throw fault(.invalidNumber) }
    }
}
