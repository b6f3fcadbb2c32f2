import StrictJSON
import Testing

@Suite struct JSONParserRefusalTests {
    private static let structure = [
        Document("", .unexpectedEnd, at: 0), Document("  ", .unexpectedEnd, at: 2),
        Document("[", .unexpectedEnd, at: 1), Document("{", .unexpectedEnd, at: 1),
        Document("[1", .unexpectedEnd, at: 2), Document("[1,", .unexpectedEnd, at: 3),
        Document(#"{"a""#, .unexpectedEnd, at: 4), Document(#"{"a":"#, .unexpectedEnd, at: 5),
        Document(#"{"a":1"#, .unexpectedEnd, at: 6), Document(#"{"a":1,"#, .unexpectedEnd, at: 7),
        Document("]", .unexpectedByte(0x5D), at: 0), Document("}", .unexpectedByte(0x7D), at: 0),
        Document("[1,]", .unexpectedByte(0x5D), at: 3), Document("[,1]", .unexpectedByte(0x2C), at: 1),
        Document("[1 2]", .unexpectedByte(0x32), at: 3), Document("[1}", .unexpectedByte(0x7D), at: 2),
        Document(#"{"a":1,}"#, .unexpectedByte(0x7D), at: 7), Document("{,}", .unexpectedByte(0x2C), at: 1),
        Document(#"{"a" 1}"#, .unexpectedByte(0x31), at: 5), Document(#"{"a":}"#, .unexpectedByte(0x7D), at: 5),
        Document(#"{"a":1]"#, .unexpectedByte(0x5D), at: 6), Document("{a:1}", .unexpectedByte(0x61), at: 1),
        Document("{1:1}", .unexpectedByte(0x31), at: 1), Document("{'a':1}", .unexpectedByte(0x27), at: 1),
        Document(#"{"a"::1}"#, .unexpectedByte(0x3A), at: 5), Document(#"{"a","b"}"#, .unexpectedByte(0x2C), at: 4),
        Document("'a'", .unexpectedByte(0x27), at: 0), Document("//\n1", .unexpectedByte(0x2F), at: 0),
        Document("[1/**/]", .unexpectedByte(0x2F), at: 2), Document("\u{B}1", .unexpectedByte(0x0B), at: 0),
        Document("\u{C}1", .unexpectedByte(0x0C), at: 0), Document("\0", .unexpectedByte(0), at: 0),
        Document("\u{A0}1", .unexpectedByte(0xC2), at: 0), Document("\u{FEFF}1", .unexpectedByte(0xEF), at: 0),
        Document(bytes: [0xFF, 0xFE, 0x31, 0], .unexpectedByte(0xFF), at: 0),
        Document("1 2", .trailingBytes, at: 2), Document("{}x", .trailingBytes, at: 2),
        Document("[] []", .trailingBytes, at: 3), Document("1\0", .trailingBytes, at: 1),
        Document("nulls", .trailingBytes, at: 4), Document(#""a""b""#, .trailingBytes, at: 3),
        Document("1,", .trailingBytes, at: 1), Document("{}}", .trailingBytes, at: 2),
    ]

    private static let literals = [
        Document("tru", .unexpectedEnd, at: 3), Document("n", .unexpectedEnd, at: 1),
        Document("tRue", .invalidLiteral, at: 1), Document("nan", .invalidLiteral, at: 1),
        Document("falsy", .invalidLiteral, at: 4), Document("[nul]", .invalidLiteral, at: 4),
        Document("True", .unexpectedByte(0x54), at: 0), Document("NaN", .unexpectedByte(0x4E), at: 0),
        Document("Infinity", .unexpectedByte(0x49), at: 0), Document("undefined", .unexpectedByte(0x75), at: 0),
    ]

    private static let numbers = [
        Document("-", .invalidNumber, at: 1), Document("-a", .invalidNumber, at: 1),
        Document("--1", .invalidNumber, at: 1), Document("-Infinity", .invalidNumber, at: 1),
        Document("00", .invalidNumber, at: 1), Document("01", .invalidNumber, at: 1),
        Document("-01", .invalidNumber, at: 2), Document("1.", .invalidNumber, at: 2),
        Document("0.e1", .invalidNumber, at: 2), Document("-.5", .invalidNumber, at: 1),
        Document("1e", .invalidNumber, at: 2), Document("1E+", .invalidNumber, at: 3),
        Document("1e-", .invalidNumber, at: 3), Document("1e+-1", .invalidNumber, at: 3),
        Document("[1.]", .invalidNumber, at: 3), Document("+1", .unexpectedByte(0x2B), at: 0),
        Document(".5", .unexpectedByte(0x2E), at: 0), Document("1.5.5", .trailingBytes, at: 3),
        Document("1e5.5", .trailingBytes, at: 3), Document("0x10", .trailingBytes, at: 1),
        Document("1_000", .trailingBytes, at: 1), Document("12a", .trailingBytes, at: 2),
        Document("\u{661}", .unexpectedByte(0xD9), at: 0),
    ]

    private static let strings = [
        Document(#"""#, .unexpectedEnd, at: 1), Document(#""abc"#, .unexpectedEnd, at: 4),
        Document(#""\"#, .unexpectedEnd, at: 2), Document(#""\""#, .unexpectedEnd, at: 3),
        Document(#""\u00"#, .unexpectedEnd, at: 5), Document(#""\ud800"#, .unexpectedEnd, at: 7),
        Document(#""\a""#, .invalidEscape, at: 2), Document(#""\'""#, .invalidEscape, at: 2),
        Document(#""\x41""#, .invalidEscape, at: 2), Document(#""\0""#, .invalidEscape, at: 2),
        Document(#""\N""#, .invalidEscape, at: 2), Document(#""\U0041""#, .invalidEscape, at: 2),
        Document("\"\\\n\"", .invalidEscape, at: 2), Document("\"\\é\"", .invalidEscape, at: 2),
        Document(#""\u""#, .invalidEscape, at: 3), Document(#""\u004""#, .invalidEscape, at: 6),
        Document(#""\u004g""#, .invalidEscape, at: 6), Document(#""\u+041""#, .invalidEscape, at: 3),
        Document(#""\u{41}""#, .invalidEscape, at: 3), Document("\"\\u\u{FF10}041\"", .invalidEscape, at: 3),
        Document(#""\ud800""#, .loneSurrogate, at: 3), Document(#""\udc00""#, .loneSurrogate, at: 3),
        Document(#""\udfff\ud800""#, .loneSurrogate, at: 3), Document(#""\ud800\ud800""#, .loneSurrogate, at: 3),
        Document(#""\udc00\udc00""#, .loneSurrogate, at: 3), Document(#""\udc00\ud800""#, .loneSurrogate, at: 3),
        Document(#""\ud800\u0041""#, .loneSurrogate, at: 3), Document(#""\ud800\n""#, .loneSurrogate, at: 3),
        Document(#""\ud83dx""#, .loneSurrogate, at: 3), Document(#""ab\udead""#, .loneSurrogate, at: 5),
        Document(#""\ud800\u00""#, .invalidEscape, at: 11),
        Document(#"{"\ud800":1}"#, .loneSurrogate, at: 4),
    ]

    @Test(arguments: structure + literals + numbers + strings)
    func `refuses a document with its reason and place`(document: Document) {
        #expect(fault(in: document.bytes) == document.fault)
    }

    @Test func `refuses each control character, escaped text before it or not`() {
        for byte in UInt8(0)..<0x20 {
            #expect(fault(in: [0x22, 0x61, byte, 0x22]) == JSONError(reason: .controlCharacter, offset: 2))
            #expect(fault(in: [0x22, 0x5C, 0x6E, byte, 0x22]) == JSONError(reason: .controlCharacter, offset: 3))
        }
    }

    @Test func `allows the escapes of RFC 8259 and no others`() {
        let allowed = Array("\"\\/bfnrt".utf8)
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: "u") {
            let found = fault(in: [0x22, 0x5C, byte, 0x22])
            #expect(found == (allowed.contains(byte) ? nil : JSONError(reason: .invalidEscape, offset: 2)))
        }
    }
}

@Suite struct JSONParserUTF8Tests {
    /// Bytes inside of a string, and the index among them where the fault is.
    private static let faults: [([UInt8], Int)] = [
        ([0x80], 0), ([0xBF], 0), ([0x61, 0xFF], 1), ([0xFE], 0), ([0xC3], 0), ([0x61, 0xC3, 0x61], 1),
        ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0), ([0xE0, 0x80, 0x80], 0), ([0xE0, 0x9F, 0xBF], 0),
        ([0xF0, 0x80, 0x80, 0x80], 0), ([0xF0, 0x8F, 0xBF, 0xBF], 0),
        ([0xED, 0xA0, 0x80], 0), ([0xED, 0xBF, 0xBF], 0), ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], 0),
        ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xF8, 0x88, 0x80, 0x80, 0x80], 0),
        ([0xE2, 0x82], 0), ([0xF0, 0x9F, 0x98], 0), ([0xC3, 0xA9, 0xA9], 2),
    ]

    @Test(arguments: faults) func `refuses bytes that are not UTF-8`(bytes: [UInt8], index: Int) {
        let quote = UInt8(ascii: "\"")
        let plain = JSONError(reason: .invalidUTF8, offset: 1 + index)
        #expect(fault(in: [quote] + bytes + [quote]) == plain)
        #expect(fault(in: [quote] + bytes + Array(#"\n""#.utf8)) == plain)
        let afterEscape = JSONError(reason: .invalidUTF8, offset: 3 + index)
        #expect(fault(in: Array(#""\n"#.utf8) + bytes + [quote]) == afterEscape)
        #expect(fault(in: Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8))?.reason == .invalidUTF8)
    }

    @Test func `does not complete a character with an escape`() {
        #expect(fault(in: [0x22, 0xC3] + Array(#"\u00a9""#.utf8)) == JSONError(reason: .invalidUTF8, offset: 1))
    }

    @Test func `takes the first and last character of each length`() throws {
        for scalar in ["\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"] {
            #expect(try JSONValue(parsing: "\"\(scalar)\"") == .string(scalar))
        }
    }
}
