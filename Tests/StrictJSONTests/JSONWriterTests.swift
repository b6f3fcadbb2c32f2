import StrictJSON
import Testing

@Suite struct JSONWriterTests {
    private static let escapes: [(String, String)] = [
        ("", #""""#), ("plain", #""plain""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#),
        ("\n\r\t", #""\n\r\t""#), ("\0", #""\u0000""#), ("\u{1}", #""\u0001""#), ("\u{8}", #""\u0008""#),
        ("\u{C}", #""\u000c""#), ("\u{F}", #""\u000f""#), ("\u{10}", #""\u0010""#), ("\u{1F}", #""\u001f""#),
        ("\u{1B}[31m", #""\u001b[31m""#), ("\u{7F}", #""\u007f""#), ("\u{80}", "\"\u{80}\""), ("é€😀", #""é€😀""#),
        ("a\"b\\c\nd", #""a\"b\\c\nd""#), ("\"\"", #""\"\"""#), ("end\\", #""end\\""#),
    ]

    @Test(arguments: escapes) func `escapes what must be escaped`(text: String, expected: String) {
        #expect(String(decoding: JSONValue.string(text).bytes, as: UTF8.self) == expected)
    }

    @Test func `writes each character below U+0180 so that it is read back`() throws {
        for value in UInt32(0)..<0x180 {
            let text = try String(#require(Unicode.Scalar(value)))
            #expect(try JSONValue(parsing: JSONValue.string("a\(text)b").bytes) == .string("a\(text)b"))
        }
    }

    @Test(arguments: ["\"", "\\", "\u{0}", "\u{1F}", "\u{7F}"])
    func `finds what must be escaped wherever it stands`(character: String) throws {
        for index in 0..<40 {
            let text = String(repeating: "a", count: index) + character + String(repeating: "b", count: 39 - index)
            let bytes = JSONValue.string(text).bytes
            #expect(bytes.count > 42 && !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }))
            #expect(try JSONValue(parsing: bytes) == .string(text))
        }
    }

    @Test func `sets commas only between`() {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("absent", nil as String?)
        writer.member("text", "t")
        writer.member("absent", nil as Int?)
        writer.member("number", -5)
        writer.member("flag", false)
        writer.member("absent", nil as Bool?)
        writer.member("none", [])
        writer.member("some", ["a", "b"])
        writer.name("nested")
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.null()
        writer.integer(UInt64.max)
        writer.bool(true)
        writer.endArray()
        writer.member("last", "é\"")
        writer.endObject()
        let expected =
            #"{"text":"t","number":-5,"flag":false,"none":[],"some":["a","b"],"#
            + #""nested":[{},[],null,18446744073709551615,true],"last":"é\""}"#
        #expect(String(decoding: writer.finish(), as: UTF8.self) == expected)
    }

    @Test func `writes behind what the sink holds`() {
        var writer = JSONWriter(into: Array("data: ".utf8))
        writer.string(utf8: "a\n".utf8.span)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == #"data: "a\n""#)
    }

    @Test(arguments: [
        "null", "[]", "{}", "[1,-0,1.50,1e5,1E+5]", #"{"b":{"a":[[],{}]},"":"é"}"#, #"[true,false,null,"\u0000"]"#,
    ])
    func `writes a compact tree as it was read`(text: String) throws {
        #expect(String(decoding: try JSONValue(parsing: text).bytes, as: UTF8.self) == text)
    }
}
