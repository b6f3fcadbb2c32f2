import ExchangeCore
import Yams

/// Turns Yams' nodes into source nodes, and notes what is refused on the way.
struct NodeReader {
    private(set) var faults: [PolicyFault] = []
    private let file: String
    private var cursor: SourceCursor
    private var nodes = 0
    private var isFull = false

    init(file: String, text: String) {
        self.file = file
        cursor = SourceCursor(text)
    }

    mutating func read(_ root: Node) -> SourceNode { read(root, depth: 1) }

    /// Does not go below a node that is refused: an alias has been resolved already, and a few of them can stand for
    /// thousands of millions of nodes.
    private mutating func read(_ node: Node, depth: Int) -> SourceNode {
        let position = node.mark?.position ?? SourcePosition(line: 1, column: 1)
        let nothing = SourceNode(.scalar("", quoted: false), at: position)
        guard isTaken(node, at: position, depth: depth) else { return nothing }
        switch node {
        case .scalar(let scalar):
            return SourceNode(.scalar(scalar.string, quoted: scalar.style != .plain), at: position)
        case .sequence(let sequence):
            return SourceNode(.sequence(sequence.map { read($0, depth: depth + 1) }), at: position)
        case .mapping(let mapping):
            return SourceNode(.mapping(mapping.compactMap { entry($0.key, $0.value, depth: depth) }), at: position)
        case .alias:
            refuse("an alias (*name) is not taken; write the value out", at: position)
            return nothing
        }
    }

    private mutating func entry(_ key: Node, _ value: Node, depth: Int) -> SourceEntry? {
        let place = key.mark?.position ?? SourcePosition(line: 1, column: 1)
        guard isTaken(key, at: place, depth: depth + 1) else { return nil }
        guard case .scalar(let scalar) = key else {
            refuse("a key is a single value, not a list or a mapping", at: place)
            return nil
        }
        if scalar.string == "<<" {
            refuse("a merge key (<<) is not taken; write the keys out", at: place)
            return nil
        }
        return SourceEntry(key: scalar.string, at: place, value: read(value, depth: depth + 1))
    }

    private mutating func isTaken(_ node: Node, at position: SourcePosition, depth: Int) -> Bool {
        nodes += 1
        guard !isFull else { return false }
        if nodes > YAMLReader.maximumNodes || depth > YAMLReader.maximumDepth {
            isFull = true
            let limits = "\(YAMLReader.maximumDepth) levels or \(YAMLReader.maximumNodes) values"
            refuse("the file has more than \(limits); split or flatten it", at: position)
            return false
        }
        if let anchor = node.anchor {
            refuse(
                "an anchor (&\(anchor.rawValue)) is not taken, nor an alias of it; write the value out", at: position)
            return false
        }
        if cursor.character(at: position) == "!" || Self.isTagged(node) {
            refuse("a tag (!..) is not taken; remove it: the policy's schema says what is a text", at: position)
            return false
        }
        return true
    }

    /// An untagged node has the tag that its syntax implies, or none. Yams gives a quoted scalar and a key the tag of a
    /// text, so there an explicit `!!str` shows in the text only.
    private static func isTagged(_ node: Node) -> Bool {
        switch node {
        case .scalar(let scalar): !["", "tag:yaml.org,2002:str"].contains(scalar.tag.description)
        case .sequence(let sequence): !["", "tag:yaml.org,2002:seq"].contains(sequence.tag.description)
        case .mapping(let mapping): !["", "tag:yaml.org,2002:map"].contains(mapping.tag.description)
        case .alias: false
        }
    }

    /// An anchored node shows once for each of its aliases; it is reported once.
    private mutating func refuse(_ message: String, at position: SourcePosition) {
        let fault = PolicyFault(file: file, at: position, message)
        if faults.last != fault, faults.count < 1000, !faults.contains(fault) { faults.append(fault) }
    }
}
