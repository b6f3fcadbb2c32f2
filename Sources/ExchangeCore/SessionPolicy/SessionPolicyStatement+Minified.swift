import StrictJSON

extension [SessionPolicyStatement] {
    /// The compact document of these statements.
    var minified: String {
        let statements = JSONValue.array(map(\.value))
        let document = JSONValue.object([("Version", .string("2012-10-17")), ("Statement", statements)])
        return String(decoding: document.bytes, as: UTF8.self).escapedForSTS
    }
}

extension SessionPolicyStatement {
    fileprivate var value: JSONValue {
        var members: [(String, JSONValue)] = [("Effect", .string(effect == .allow ? "Allow" : "Deny"))]
        members.append((actions.isExcluding ? "NotAction" : "Action", .list(actions.patterns.map(\.text))))
        members.append((resources.isExcluding ? "NotResource" : "Resource", .list(resources.patterns.map(\.text))))
        if !conditions.isEmpty { members.append(("Condition", conditions.value)) }
        return .object(members)
    }
}

extension [SessionPolicyCondition] {
    /// The conditions of one operator stand side by side, as they were read.
    fileprivate var value: JSONValue {
        var operators: [(String, JSONValue)] = []
        for group in chunked {
            let keys = group.map { ($0.key.text, JSONValue.list($0.values.map(\.text))) }
            operators.append((group[0].conditionOperator.description, .object(keys)))
        }
        return .object(operators)
    }

    private var chunked: [[SessionPolicyCondition]] {
        reduce(into: []) { groups, condition in
            if let last = groups.indices.last, groups[last][0].conditionOperator == condition.conditionOperator {
                groups[last].append(condition)
            } else {
                groups.append([condition])
            }
        }
    }
}

extension JSONValue {
    fileprivate static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { JSONObject.Member($0.0, $0.1) }))
    }

    /// A single text stands without brackets, which is shorter and means the same.
    fileprivate static func list(_ texts: [String]) -> JSONValue {
        if texts.count == 1 { return .string(texts[0]) }
        return .array(texts.map(JSONValue.string))
    }
}

extension String {
    /// JSON text with `\uXXXX` in place of each character that STS's parameter does not take: beyond Latin-1, in pairs of
    /// surrogates where it must be. The writer has escaped the control characters, and what is left stands in strings.
    fileprivate var escapedForSTS: String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar.value <= 0xFF {
                text.unicodeScalars.append(scalar)
            } else {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter { text += unit.escape }
            }
        }
        return text
    }
}

extension UInt16 {
    fileprivate var escape: String {
        let digits = String(self, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
