import StrictJSON

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
        /// Where its name stands.
        let name: Range<Int>
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

    /// Opens the element whose name stands at `name` of `document`.
    mutating func open(_ name: Range<Int>, of document: Span<UInt8>) throws(STSAnswerError) {
        let spelling = document.extracting(name)
        if elements.isEmpty {
            guard root == nil else { throw .malformed("a second root") }
            root = String(decoding: [UInt8](spelling), as: UTF8.self)
        } else {
            guard elements[elements.count - 1].text == nil else { throw .malformed("text beside elements") }
            elements[elements.count - 1].hasChildren = true
        }
        count += 1
        let around = elements.last.map(\.place) ?? STSDocument.Places.outside
        elements.append(Element(name: name, place: STSDocument.Places.known.child(spelling, of: around)))
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

    /// Closes the element whose name stands at `name` of `document`.
    mutating func close(_ name: Range<Int>, of document: Span<UInt8>) throws(STSAnswerError) -> Closed {
        guard let last = elements.popLast(),
            document.extracting(last.name).hasSameBytes(as: document.extracting(name))
        else {
            throw .malformed("end of an element that is not open")
        }
        let field = STSDocument.Places.known.field(at: last.place)
        return Closed(field: field, text: last.text, hasChildren: last.hasChildren)
    }
}
