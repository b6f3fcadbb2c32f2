import StrictJSON

/// One policy file as the compiler takes it: its name, its bytes and what they say.
///
/// The syntax is somebody else's business (the gateway reads YAML), so that the core needs no parser.
package struct PolicySource: Sendable {
    /// The name that faults and the digest use, without a folder.
    package let file: String
    /// The file as it was read; the digest covers it.
    package let bytes: [UInt8]
    package let root: SourceNode

    package init(file: String, bytes: [UInt8], root: SourceNode) {
        self.file = file
        self.bytes = bytes
        self.root = root
    }
}

/// A node of a policy file with its place.
package struct SourceNode: Sendable {
    package let content: SourceContent
    package let position: SourcePosition

    package init(_ content: SourceContent, at position: SourcePosition) {
        self.content = content
        self.position = position
    }

    /// The kind in words, for faults.
    var kind: String {
        switch content {
        case .scalar(let text, quoted: false) where text.isEmpty: "nothing"
        case .scalar: "a single value"
        case .sequence: "a list"
        case .mapping(let entries) where entries.isEmpty: "an empty mapping"
        case .mapping: "a mapping"
        }
    }
}

extension SourceNode {
    /// The text of a scalar; nil for anything else.
    var scalarText: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// The text under `key`, where this is a mapping that has one: to know what is being read before it is read.
    func scalar(of key: String) -> String? {
        guard case .mapping(let entries) = content else { return nil }
        let value = entries.first { $0.key.hasSameBytes(as: key) }?.value
        if case .scalar(let text, _) = value?.content { return text.isEmpty ? nil : text }
        return nil
    }
}

/// What a node holds. A scalar is text as it was written: the schema, not the syntax, gives it a type.
package enum SourceContent: Sendable {
    case scalar(String, quoted: Bool)
    case sequence([SourceNode])
    /// The entries in their order; a key may still stand there twice.
    case mapping([SourceEntry])
}

/// One key of a mapping with its value.
package struct SourceEntry: Sendable {
    package let key: String
    package let position: SourcePosition
    package let value: SourceNode

    package init(key: String, at position: SourcePosition, value: SourceNode) {
        self.key = key
        self.position = position
        self.value = value
    }
}

/// A place in a file, counted from 1; columns in Unicode scalars.
package struct SourcePosition: Sendable, Hashable, Comparable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
