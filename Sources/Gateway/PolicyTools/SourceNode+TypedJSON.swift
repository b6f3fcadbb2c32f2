import ExchangeCore
import StrictJSON

extension SourceNode {
    /// The node as JSON, its plain scalars typed as a reader of YAML expects: `true`, `42`, nothing. For claims and requests in
    /// test cases; a policy's own scalars are typed by its schema.
    var typedJSON: JSONValue {
        switch content {
        case .scalar(let text, quoted: true): .string(text)
        case .scalar(let text, quoted: false): Self.plain(text)
        case .sequence(let nodes): .array(nodes.map(\.typedJSON))
        case .mapping(let entries): .object(JSONObject(entries.map { .init($0.key, $0.value.typedJSON) }))
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null": .null
        case "true": .bool(true)
        case "false": .bool(false)
        default: number(text) ?? .string(text)
        }
    }

    /// A number as JSON writes it; `0123` and `1_000` are texts.
    private static func number(_ text: String) -> JSONValue? {
        guard let first = text.utf8.first,
            first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            // What is no JSON is no number.
            let value = try? JSONValue(parsing: text), case .number = value
        else { return nil }
        return value
    }
}
