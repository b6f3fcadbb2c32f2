import StrictJSON
import Testing

@Suite struct JSONParserAcceptanceTests {
    private static let scalars: [(String, JSONValue)] = [
        ("null", .null), ("true", .bool(true)), ("false", .bool(false)),
        (" \t\r\n null \n", .null),
        (#""""#, .string("")), (#""a""#, .string("a")),
        ("[]", .array([])), ("{}", .object(JSONObject())), ("[ ]", .array([])), ("{\n}", .object(JSONObject())),
        ("[1]", .array([.number(JSONNumber(1))])),
        ("[null,true , [false]]", .array([.null, .bool(true), .array([.bool(false)])])),
        (#"{"a":null}"#, .object(JSONObject([.init("a", .null)]))),
        (
            #" { "a" : 1 , "" : {} } "#,
            .object(
                JSONObject([
                    .init("a", .number(JSONNumber(1))), .init("", .object(JSONObject())),
                ]))
        ),
    ]

    @Test(arguments: scalars) func `reads a document`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    private static let strings: [(String, String)] = [
        (#""\"""#, "\""), (#""\\""#, "\\"), (#""\/""#, "/"), (#""\b""#, "\u{8}"), (#""\f""#, "\u{C}"),
        (#""\n""#, "\n"), (#""\r""#, "\r"), (#""\t""#, "\t"),
        (#""\u0041""#, "A"), (#""\u0000""#, "\0"), (#""\u00e9\u00E9""#, "\u{E9}\u{E9}"), (#""\u20AC""#, "€"),
        (#""\uD7FF\uE000\uFFFF""#, "\u{D7FF}\u{E000}\u{FFFF}"),
        (#""\ud83d\ude00""#, "😀"), (#""\uD800\uDC00""#, "\u{10000}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        (#""a\nb\\c""#, "a\nb\\c"), (#""\\u0041""#, "\\u0041"), (#""\\\"""#, "\\\""),
        (#""é€😀\n""#, "é€😀\n"), (#""/'""#, "/'"),
        ("\"\u{7F}\u{80}\u{2028}\"", "\u{7F}\u{80}\u{2028}"), ("\"\u{FEFF}\"", "\u{FEFF}"),
    ]

    @Test(arguments: strings) func `reads a string`(text: String, expected: String) throws {
        let string = try #require(try JSONValue(parsing: text).string)
        #expect(Array(string.utf8) == Array(expected.utf8))
    }

    private static let numbers: [(String, Int64?)] = [
        ("0", 0), ("-0", 0), ("7", 7), ("-1", -1), ("10", 10), ("1234567890", 1_234_567_890),
        ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("100000000000000000000000000", nil),
        ("0.0", nil), ("-0.5", nil), ("1.0", nil), ("1e2", nil), ("1E2", nil), ("1e+2", nil), ("1e-2", nil),
        ("0e0", nil),
        ("1.5e10", nil), ("1e999999999", nil), ("1e00", nil), ("0.10", nil),
    ]

    @Test(arguments: numbers) func `keeps a number as it is written`(text: String, integer: Int64?) throws {
        let value = try JSONValue(parsing: text)
        guard case .number(let number) = value else {
            Issue.record("not a number")
            return
        }
        #expect(number.literal == text)
        #expect(number.integer == integer)
        #expect(value.integer == integer)
        #expect(value.bytes == Array(text.utf8))
    }

    @Test func `keeps a number of a hundred thousand digits`() throws {
        let text = String(repeating: "9", count: 100_000)
        let value = try JSONValue(parsing: text)
        #expect(value.integer == nil)
        #expect(value.bytes.count == 100_000)
    }

    @Test func `keeps the order of members`() throws {
        let object = try #require(try JSONValue(parsing: #"{"b":1,"a":2,"c":3}"#).object)
        #expect(object.members.map(\.name) == ["b", "a", "c"])
    }

    @Test func `reads the same from bytes, a span and text`() throws {
        let text = #"{"a":[1,"é"]}"#
        let value = try JSONValue(parsing: text)
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
        #expect(try JSONValue(parsing: text.utf8.span) == value)
    }

    @Test func `reads as deep and as much as the limits allow`() {
        let nested = Array((String(repeating: "[", count: 32) + String(repeating: "]", count: 32)).utf8)
        #expect(fault(in: nested) == nil)
        #expect(fault(in: Array("[1,2]".utf8), limits: JSONLimits(depth: 2, values: 3)) == nil)
        let many = "[" + Array(repeating: "0", count: 19_999).joined(separator: ",") + "]"
        #expect(fault(in: Array(many.utf8)) == nil)
    }

    @Test func `takes thousands of different names, also beyond ASCII`() {
        let members = (0..<6000).map { "\"é\($0)\":0" }.joined(separator: ",")
        #expect(fault(in: Array("{\(members)}".utf8)) == nil)
    }

    @Test func `takes a long name in ASCII and a short one beyond it`() {
        #expect(fault(in: Array("{\"\(String(repeating: "n", count: 5000))\":0}".utf8)) == nil)
        #expect(fault(in: Array("{\"\(String(repeating: "é", count: 128))\":0}".utf8)) == nil)
    }
}
