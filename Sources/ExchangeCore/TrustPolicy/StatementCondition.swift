import StrictJSON

/// One key of a statement that is written: operator, key, values.
struct StatementCondition: Sendable, Hashable {
    let conditionOperator: String
    let key: String
    let values: [String]

    init(_ conditionOperator: String, _ key: String, _ values: [String]) {
        self.conditionOperator = conditionOperator
        self.key = key
        self.values = values
    }
}

extension [StatementCondition] {
    /// A `Condition`: operators in the order of their first keys.
    var document: JSONValue {
        var operators = JSONObject()
        for condition in self {
            var keys = operators[condition.conditionOperator]?.object ?? JSONObject()
            keys[condition.key] = .oneOrMore(condition.values)
            operators[condition.conditionOperator] = .object(keys)
        }
        return .object(operators)
    }
}

extension JSONValue {
    /// A single text stands without brackets, as AWS shows it.
    static func oneOrMore(_ texts: [String]) -> JSONValue {
        texts.count == 1 ? .string(texts[0]) : .array(texts.map(JSONValue.string))
    }

    /// A policy of these statements.
    static func policy(_ statements: [JSONObject]) -> JSONValue {
        .object(
            JSONObject([
                .init("Version", .string("2012-10-17")), .init("Statement", .array(statements.map(JSONValue.object))),
            ]))
    }
}

extension String {
    /// The letters and digits of a name as a Sid has them, each word with a capital: `OctoRepo` of `octo-repo`.
    var asSid: String {
        utf8.split { !($0.isLetter || $0.isDigit) }.map { word in
            let text = String(decoding: word, as: UTF8.self)
            return text.prefix(1).uppercased() + text.dropFirst()
        }.joined()
    }
}
