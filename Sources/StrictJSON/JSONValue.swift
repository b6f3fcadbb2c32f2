/// A JSON document as a tree. Numbers keep their literal, objects their order.
///
/// Two trees are equal when they are written with the same bytes.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// The text of a string; nil for every other kind.
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The value of `true` or `false`; nil for every other kind.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// A number written as a plain integer; nil for every other kind, for fractions, exponents and what 64 bits cannot hold.
    package var integer: Int64? { if case .number(let number) = self { number.integer } else { nil } }
    /// The elements of an array; nil for every other kind.
    package var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members of an object; nil for every other kind.
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The kind in words, for error messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// A number as it was written, so that nothing is rounded.
package struct JSONNumber: Sendable, Hashable {
    /// The literal of RFC 8259 section 6.
    package let literal: String

    /// Takes a literal that the parser has checked.
    init(checked literal: String) { self.literal = literal }

    /// The number `value`.
    package init(_ value: Int64) { literal = String(value) }

    /// The value of a literal without fraction and exponent that 64 bits can hold, else nil.
    package var integer: Int64? { Int64(literal) }
}
