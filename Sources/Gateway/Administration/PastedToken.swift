import Secrets
import StrictJSON

/// Finds what looks like a token in what somebody pasted: JSON in base64url with a dot and more behind it, as a JWS and a JWE
/// begin (RFC 7515 and 7516 section 7.1).
///
/// A token is good for credentials until it expires, so none may get into a page, a log or a browser's history by mistake.
/// This is a help for people: who wants to hide a token from it can.
enum PastedToken {
    /// Whether `text` holds one anywhere. White space does not count, because what is copied from a terminal is wrapped.
    static func isIn(_ text: Secret) -> Bool {
        text.withBytes { bytes in
            var segment = Segment()
            var followsHeader = false
            for index in bytes.indices {
                switch bytes[index] {
                case let byte where byte.isBase64URL:
                    if followsHeader { return true }
                    segment.append(byte)
                case UInt8(ascii: "."):
                    // What follows a JWE's header may be an empty key (RFC 7516 section 5.1, direct encryption).
                    followsHeader = followsHeader || segment.endsInObject
                    segment = Segment()
                case 0x09, 0x0A, 0x0D, 0x20: segment.endWord()
                default: (segment, followsHeader) = (Segment(), false)
                }
            }
            return false
        }
    }

    /// The base64url that was read since the last byte that is none.
    private struct Segment {
        private var bytes: [UInt8] = []
        /// Where words begin: a header begins with one, and `Bearer` may stand before it.
        private var starts = [0]
        /// A header of a hundred bytes is wrapped into fewer lines; and the work stays bounded.
        private static let startsKept = 32

        mutating func append(_ byte: UInt8) { bytes.append(byte) }

        mutating func endWord() {
            guard starts.last != bytes.count else { return }
            starts.append(bytes.count)
            if starts.count > Self.startsKept { starts.removeFirst() }
        }

        /// Whether it is the base64url of a JSON object, from one of its words on.
        var endsInObject: Bool { starts.contains { Self.isObject(bytes[$0...]) } }

        private static func isObject(_ text: ArraySlice<UInt8>) -> Bool {
            guard text.count >= 8, let decoded = Base64URL.decode(text), decoded.contains(UInt8(ascii: "{")) else {
                return false
            }
            // What is no valid document is no header: the reason does not matter here.
            return (try? JSONValue(parsing: decoded))?.object != nil
        }
    }
}

extension UInt8 {
    fileprivate var isBase64URL: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
