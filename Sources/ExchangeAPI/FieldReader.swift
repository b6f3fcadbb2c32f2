import StrictJSON

/// Takes typed fields out of an object; each error names its field and says what was expected. An explicit null is no value
/// of any type and is refused: leave the field out instead.
struct FieldReader {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func refuseUnknown(besides known: [String]) throws(WireError) {
        for member in object.members where !known.contains(where: member.name.hasSameBytes) {
            throw WireError("unknown field \(shown(member.name)); the fields are \(known.joined(separator: ", "))")
        }
    }

    /// The name in printable ASCII, because people read it. A long one is not shown at all: it may be a token.
    private func shown(_ name: String) -> String {
        let length = name.utf8.count
        guard length <= 64 else { return "with a name of \(length) bytes" }
        return "'" + name.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "'"
    }

    func string(_ name: String) throws(WireError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw wrongType(name, value, expected: "a string") }
        return text
    }

    func requiredString(_ name: String) throws(WireError) -> String {
        guard let text = try string(name) else { throw WireError("the field '\(name)' is missing") }
        return text
    }

    func integer(_ name: String) throws(WireError) -> Int? {
        guard let value = object[name] else { return nil }
        guard let integer = value.integer else {
            guard case .number = value else { throw wrongType(name, value, expected: "an integer") }
            throw WireError("the field '\(name)' must be an integer of 64 bits without fraction and exponent")
        }
        return Int(integer)
    }

    func requiredInteger(_ name: String) throws(WireError) -> Int {
        guard let integer = try integer(name) else { throw WireError("the field '\(name)' is missing") }
        return integer
    }

    func bool(_ name: String) throws(WireError) -> Bool? {
        guard let value = object[name] else { return nil }
        guard let bool = value.bool else { throw wrongType(name, value, expected: "true or false") }
        return bool
    }

    func strings(_ name: String) throws(WireError) -> [String] {
        guard let value = object[name] else { return [] }
        guard let elements = value.array else { throw wrongType(name, value, expected: "an array of strings") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else {
                throw WireError("the field '\(name)' must hold only strings, not \(element.kind)")
            }
            texts.append(text)
        }
        return texts
    }

    func object(_ name: String) throws(WireError) -> JSONObject? {
        guard let value = object[name] else { return nil }
        guard let object = value.object else { throw wrongType(name, value, expected: "an object") }
        return object
    }

    func inlineSessionPolicy(_ name: String) throws(WireError) -> InlineSessionPolicy? {
        switch object[name] {
        case nil: return nil
        case .object(let object): return .object(object)
        case .string(let text): return .text(text)
        case .some(let value): throw wrongType(name, value, expected: "an object or a string")
        }
    }

    private func wrongType(_ name: String, _ value: JSONValue, expected: String) -> WireError {
        WireError("the field '\(name)' must be \(expected), not \(value.kind)")
    }
}
