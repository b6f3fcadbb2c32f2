import StrictJSON

/// Reads the members of a JSON object by name and type, and refuses by name what nobody asked for.
struct FieldReader {
    private let object: JSONObject
    private var read: Set<String> = []

    /// Reads `object`.
    init(_ object: JSONObject) {
        self.object = object
    }

    /// Reads the object that `bytes` hold; no bytes stand for an empty object.
    init(parsing bytes: [UInt8]) throws(DevStackError) {
        let document: JSONValue
        do { document = bytes.isEmpty ? .object(JSONObject()) : try JSONValue(parsing: bytes) } catch {
            throw .invalidRequest("\(error)")
        }
        guard let object = document.object else { throw .invalidRequest("the body must be a JSON object") }
        self.init(object)
    }

    /// The text of `name`; nil when it is absent.
    mutating func string(_ name: String) throws(DevStackError) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.string else { throw wrongType(name, "a string") }
        return text
    }

    /// The integer of `name`; nil when it is absent.
    mutating func integer(_ name: String) throws(DevStackError) -> Int64? {
        guard let value = take(name) else { return nil }
        guard let number = value.integer else { throw wrongType(name, "an integer") }
        return number
    }

    /// The boolean of `name`; nil when it is absent.
    mutating func bool(_ name: String) throws(DevStackError) -> Bool? {
        guard let value = take(name) else { return nil }
        guard let flag = value.bool else { throw wrongType(name, "true or false") }
        return flag
    }

    /// The object of `name`; nil when it is absent.
    mutating func object(_ name: String) throws(DevStackError) -> JSONObject? {
        guard let value = take(name) else { return nil }
        guard let object = value.object else { throw wrongType(name, "an object") }
        return object
    }

    /// The texts of `name`, which may be one text or an array of them; nil when it is absent.
    mutating func strings(_ name: String) throws(DevStackError) -> [String]? {
        guard let value = take(name) else { return nil }
        if let text = value.string { return [text] }
        guard let texts = value.array?.compactMap(\.string), texts.count == value.array?.count else {
            throw wrongType(name, "a string or an array of strings")
        }
        return texts
    }

    /// Throws when a member was never asked for.
    func end() throws(DevStackError) {
        let unknown = object.members.map(\.name).filter { !read.contains($0) }
        guard unknown.isEmpty else { throw .invalidRequest("unknown field: \(unknown.joined(separator: ", "))") }
    }

    private mutating func take(_ name: String) -> JSONValue? {
        read.insert(name)
        return object[name]
    }

    private func wrongType(_ name: String, _ expected: String) -> DevStackError {
        .invalidRequest("\(name) must be \(expected)")
    }
}
