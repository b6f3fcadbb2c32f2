/// The elements that are open while a document is read, and the rules between them.
struct OpenElements {
    /// An element whose end was read.
    struct Closed {
        /// What its text is; nil where it is nothing of ours.
        let field: STSDocument.Field?
        /// The place of its text, nil where it had none.
        let text: Range<Int>?
        let hasChildren: Bool
    }

    private struct Element {
        let name: String
        /// Nil for one that leads to no field.
        let place: Int?
        var text: Range<Int>?
        var hasChildren = false
    }

    private var elements: [Element] = []
    /// The root's name, once it was seen.
    private(set) var root: String?
    /// All elements so far.
    private(set) var count = 0

    /// How many are open.
    var depth: Int { elements.count }

    mutating func open(_ name: String) throws(STSAnswerError) {
        if elements.isEmpty {
            guard root == nil else { throw .malformed("a second root") }
            root = name
        } else {
            guard elements[elements.count - 1].text == nil else { throw .malformed("text beside elements") }
            elements[elements.count - 1].hasChildren = true
        }
        count += 1
        let around = elements.last.map(\.place) ?? STSDocument.Places.outside
        elements.append(Element(name: name, place: STSDocument.Places.known.child(name, of: around)))
    }

    /// Text of the innermost element. Blanks between elements are no text.
    mutating func add(text: Range<Int>, of document: Span<UInt8>) throws(STSAnswerError) {
        let isBlank = text.allSatisfy { document[$0].isXMLBlank }
        guard !elements.isEmpty else {
            guard isBlank else { throw .malformed("text outside the root") }
            return
        }
        guard elements[elements.count - 1].text == nil, !elements[elements.count - 1].hasChildren else {
            guard isBlank else { throw .malformed("text beside elements") }
            return
        }
        if !isBlank { elements[elements.count - 1].text = text }
    }

    mutating func close(_ name: String) throws(STSAnswerError) -> Closed {
        guard let last = elements.last, last.name == name else {
            throw .malformed("end of an element that is not open")
        }
        elements.removeLast()
        let field = STSDocument.Places.known.field(at: last.place)
        return Closed(field: field, text: last.text, hasChildren: last.hasChildren)
    }
}
