import ExchangeAPI
import Secrets
import StrictJSON

/// Writes XML into a buffer that is wiped: a secret's bytes go there and nowhere else.
struct XMLWriter: ~Copyable {
    private var bytes: SecretBuilder

    init(capacity: Int) { bytes = SecretBuilder(capacity: capacity) }

    /// Opens `name`, writes what `content` does, and closes it. `attributes` are ours and need no escapes.
    mutating func element(_ name: String, attributes: String = "", _ content: (inout XMLWriter) -> Void) {
        bytes.append(utf8: "<\(name)\(attributes)>")
        content(&self)
        bytes.append(utf8: "</\(name)>")
    }

    /// An element that holds text. What XML 1.0 has no way to write becomes U+FFFD.
    mutating func element(_ name: String, _ text: String) {
        bytes.append(utf8: "<\(name)>")
        for scalar in text.unicodeScalars {
            let fit = scalar.isXMLCharacter ? scalar : "\u{FFFD}"
            for byte in Character(fit).utf8 { append(escaping: byte) }
        }
        bytes.append(utf8: "</\(name)>")
    }

    /// An element that holds a secret of printable ASCII, as every part of AWS's credentials is.
    mutating func element(_ name: String, _ secret: Secret) {
        bytes.append(utf8: "<\(name)>")
        secret.withBytes { for index in $0.indices { append(escaping: $0[index]) } }
        bytes.append(utf8: "</\(name)>")
    }

    consuming func finish() -> Secret { bytes.finish() }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): bytes.append(utf8: "&amp;")
        case UInt8(ascii: "<"): bytes.append(utf8: "&lt;")
        case UInt8(ascii: ">"): bytes.append(utf8: "&gt;")
        // A reader would turn a bare one into a line feed.
        case UInt8(ascii: "\r"): bytes.append(utf8: "&#xD;")
        default: bytes.append(byte)
        }
    }
}

extension Unicode.Scalar {
    /// Production `Char` of XML 1.0.
    fileprivate var isXMLCharacter: Bool {
        switch value {
        case 0x09, 0x0A, 0x0D: true
        case 0..<0x20, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}
