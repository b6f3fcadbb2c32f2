/// The header fields of a request, in the order in which they came, without those that carry secrets.
///
/// Names compare without regard to case (RFC 9110 section 5.1). Values have the white space around them removed;
/// bytes that are not UTF-8 read as U+FFFD.
package struct HTTPHeaders: Sendable, Equatable {
    private var fields: [Field] = []

    private struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// No fields.
    package init() {}

    /// Fields from pairs, for tests and fakes.
    package init(_ pairs: [(name: String, value: String)]) {
        for pair in pairs { append(name: pair.name, value: pair.value) }
    }

    /// The first value of the field called `name`; nil when there is none.
    package subscript(name: String) -> String? {
        fields.first { $0.name.equalsIgnoringASCIICase(name) }?.value
    }

    /// Every value of the fields called `name`, in order; empty when there is none.
    package func all(_ name: String) -> [String] {
        fields.filter { $0.name.equalsIgnoringASCIICase(name) }.map(\.value)
    }

    /// The number of fields.
    package var count: Int { fields.count }

    /// Adds a field after the others.
    package mutating func append(name: String, value: String) {
        fields.append(Field(name: name, value: value))
    }
}

extension HTTPHeaders: CustomStringConvertible, CustomReflectable {
    /// How many fields there are. A value may be a cookie or a key, so none is shown.
    package var description: String { "\(count) header fields" }
    /// Shows no children, so that `dump` of an enclosing type shows no values either.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension String {
    /// Whether both are equal but for the case of ASCII letters.
    func equalsIgnoringASCIICase(_ other: String) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }
}

extension UInt8 {
    /// The byte with `A` to `Z` mapped to `a` to `z`.
    var lowercasedASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
