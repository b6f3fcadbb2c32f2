import StrictJSON

/// Writes pieces of a page as UTF-8.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []

    /// A whole document. The style sheet is the only thing that is not escaped, and it is a literal of ours.
    static func document(title: String, body: [HTML]) -> [UInt8] {
        var writer = HTMLWriter()
        writer.bytes.append(utf8: "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        writer.bytes.append(utf8: "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        writer.bytes.append(utf8: "<meta name=\"color-scheme\" content=\"light dark\"><title>")
        writer.write(.text(title))
        writer.bytes.append(utf8: "</title><style>\(StyleSheet.text)</style></head><body>")
        writer.write(.group(body))
        writer.bytes.append(utf8: "</body></html>\n")
        return writer.bytes
    }

    mutating func write(_ piece: HTML) {
        switch piece {
        case .element(let tag, let attributes, let children): write(tag, attributes, children)
        case .text(let text): appendText(text, showingHidden: true)
        case .editable(let text):
            // A parser drops a line feed that comes first in a text area.
            bytes.append(UInt8(ascii: "\n"))
            appendText(text, showingHidden: false)
        case .group(let pieces): for piece in pieces { write(piece) }
        }
    }

    private mutating func write(_ tag: HTML.Tag, _ attributes: [Attribute], _ children: [HTML]) {
        bytes.append(utf8: "<\(tag.rawValue)")
        for attribute in attributes {
            bytes.append(utf8: " \(attribute.name.rawValue)=\"")
            appendText(attribute.value, showingHidden: false)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
        guard !tag.isVoid else { return }
        for child in children { write(child) }
        bytes.append(utf8: "</\(tag.rawValue)>")
    }

    /// The five characters that mean something in HTML, in text and in a quoted attribute alike.
    private mutating func appendText(_ text: String, showingHidden: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes.append(utf8: "&amp;")
            case "<": bytes.append(utf8: "&lt;")
            case ">": bytes.append(utf8: "&gt;")
            case "\"": bytes.append(utf8: "&quot;")
            case "'": bytes.append(utf8: "&#39;")
            case _ where scalar.isHidden && (showingHidden || scalar == "\0"):
                bytes.append(utf8: "[U+\(String(scalar.value, radix: 16, uppercase: true))]")
            default: bytes.append(utf8: String(scalar))
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether a reader cannot see it although it changes what he sees: controls, marks of direction, characters of no width.
    fileprivate var isHidden: Bool {
        switch properties.generalCategory {
        case .control: self != "\n" && self != "\t"
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        default: false
        }
    }
}
