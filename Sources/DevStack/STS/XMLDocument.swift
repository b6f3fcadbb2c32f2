/// An XML document of elements and text, written front to back.
struct XMLDocument {
    /// The UTF-8 bytes so far.
    private(set) var bytes: [UInt8] = []

    /// Writes `root` in STS's namespace around what `content` writes.
    init(root: String, _ content: (inout XMLDocument) -> Void) {
        bytes.reserveCapacity(3072)
        raw("<")
        raw(root)
        raw(" xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n")
        content(&self)
        raw("</")
        raw(root)
        raw(">\n")
    }

    /// Writes an element around what `content` writes.
    mutating func element(_ name: String, _ content: (inout XMLDocument) -> Void) {
        open(name)
        content(&self)
        close(name)
    }

    /// Writes an element that holds text.
    mutating func element(_ name: String, _ text: String) {
        open(name)
        // Most texts are plain, and are copied at once: the stand-in is under load.
        if text.utf8.allSatisfy({ !Self.isEscaped($0) }) { raw(text) } else { for byte in text.utf8 { escape(byte) } }
        close(name)
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""): true
        default: false
        }
    }

    private mutating func open(_ name: String) {
        raw("<")
        raw(name)
        raw(">")
    }

    private mutating func close(_ name: String) {
        raw("</")
        raw(name)
        raw(">\n")
    }

    private mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "<"): raw("&lt;")
        case UInt8(ascii: ">"): raw("&gt;")
        case UInt8(ascii: "&"): raw("&amp;")
        case UInt8(ascii: "\""): raw("&quot;")
        default: bytes.append(byte)
        }
    }
}
