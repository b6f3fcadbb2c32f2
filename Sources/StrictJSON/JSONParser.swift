extension JSONValue {
    /// Parses one document, strictly as RFC 8259 says and with its doubts resolved: no duplicate names, valid UTF-8 only,
    /// no lone surrogates, no byte order mark, nothing after the value. Names that Swift takes for equal are duplicates.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.document()
    }

    /// Parses a copy of `bytes`. The copy is not wiped.
    package init(parsing bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: [UInt8](bytes), limits: limits)
    }

    /// Parses the UTF-8 bytes of `text`.
    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive descent over bytes; the recursion is bounded by `limits.depth`.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0
    private var values = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try self.value(depth: 1)
        skipWhitespace()
        guard position == bytes.count else { throw fault(.trailingBytes) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipWhitespace()
        guard depth <= limits.depth else { throw fault(.tooDeep) }
        guard values < limits.values else { throw fault(.tooManyValues) }
        values += 1
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string().text)
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONObject.Member] = []
        var names = NameSet()
        skipWhitespace()
        if try take(UInt8(ascii: "}")) { return .object(JSONObject()) }
        members.reserveCapacity(8)
        repeat {
            skipWhitespace()
            let start = position
            guard try peek() == UInt8(ascii: "\"") else { throw unexpected() }
            let name = try string()
            guard name.isAcceptableAsName else { throw JSONError(reason: .nameTooLong, offset: start) }
            guard names.insert(name, beside: members) else { throw JSONError(reason: .duplicateName, offset: start) }
            skipWhitespace()
            guard try take(UInt8(ascii: ":")) else { throw unexpected() }
            members.append(JSONObject.Member(name, try value(depth: depth + 1)))
            skipWhitespace()
        } while try take(UInt8(ascii: ","))
        guard try take(UInt8(ascii: "}")) else { throw unexpected() }
        return .object(JSONObject(members))
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if try take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipWhitespace()
        } while try take(UInt8(ascii: ","))
        guard try take(UInt8(ascii: "]")) else { throw unexpected() }
        return .array(elements)
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in word.utf8 {
            guard position < bytes.count else { throw fault(.unexpectedEnd) }
            guard bytes[position] == byte else { throw fault(.invalidLiteral) }
            position += 1
        }
        return value
    }
}

// MARK: - Moving through the bytes

extension JSONParser {
    func fault(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: position) }

    func unexpected() -> JSONError {
        position < bytes.count ? fault(.unexpectedByte(bytes[position])) : fault(.unexpectedEnd)
    }

    func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw fault(.unexpectedEnd) }
        return bytes[position]
    }

    /// Steps over `byte` when it is next, and says whether it was.
    mutating func take(_ byte: UInt8) throws(JSONError) -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}
