import StrictJSON

extension JSONValue {
    /// The document for people: two spaces a level, as the AWS CLI prints it.
    var indented: String { indented(by: 0) }

    private func indented(by depth: Int) -> String {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            Self.block("[", "]", elements.map { $0.indented(by: depth + 1) }, depth)
        case .object(let object) where !object.members.isEmpty:
            Self.block(
                "{", "}",
                object.members.map { JSONValue.string($0.name).compact + ": " + $0.value.indented(by: depth + 1) },
                depth)
        case .null, .bool, .number, .string, .array, .object: compact
        }
    }

    private static func block(_ open: String, _ close: String, _ lines: [String], _ depth: Int) -> String {
        let margin = String(repeating: "  ", count: depth)
        return "\(open)\n" + lines.map { "\(margin)  \($0)" }.joined(separator: ",\n") + "\n\(margin)\(close)"
    }

    private var compact: String { String(decoding: bytes, as: UTF8.self) }
}
