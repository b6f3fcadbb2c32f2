import ExchangeCore
import Secrets
import Testing

@testable import Gateway

/// Forms and queries, read in one way or not at all.
struct FormFieldsTests {
    @Test(arguments: [
        ("", [:]), ("a=1", ["a": "1"]), ("a=", ["a": ""]), ("a=b=c", ["a": "b=c"]), ("a=1&b=2", ["a": "1", "b": "2"]),
        ("a=x+y%20z", ["a": "x y z"]), ("a=%2B%25%26%3D", ["a": "+%&="]), ("a=%c3%A4", ["a": "\u{E4}"]),
        ("PolicyArns.member.1.arn=x", ["PolicyArns.member.1.arn": "x"]), ("%61=1", ["a": "1"]),
        ("role=arn:aws:iam::123456123456:role/x@y", ["role": "arn:aws:iam::123456123456:role/x@y"]),
        ("a=%00", ["a": "\0"]),
    ])
    func `decodes names and values`(form: String, expected: [String: String]) throws {
        let fields = try FormFields(parsing: form.utf8.span)
        #expect(Set(fields.names) == Set(expected.keys))
        for (name, value) in expected { #expect(fields[name]?.validText == value) }
        #expect(fields["absent"] == nil)
    }

    @Test(arguments: [
        "a", "=1", "&", "a=1&", "&a=1", "a=1&&b=2", "a=%", "a=%2", "a=%2x", "a=%x2", "a=%%41", "a=+%+1", "%zz=1",
        "a=1&a=2",
        "a=1&%61=1", "a=x y", "a=\n", "a=\u{E4}", "a=\u{7F}", "%ff=1", "a=1\0", "a=1;b=2\r\n", "a&b=1", "%=1",
    ])
    func `refuses what can be read in two ways`(form: String) {
        #expect(throws: Refusal.self) { try FormFields(parsing: form.utf8.span) }
    }

    @Test func `bounds names and their number, and shows no long name`() throws {
        let many = (0..<32).map { "n\($0)=" }.joined(separator: "&")
        #expect(try FormFields(parsing: many.utf8.span).names.count == 32)
        #expect(throws: Refusal.self) { try FormFields(parsing: (many + "&x=").utf8.span) }
        #expect(throws: Refusal.self) { try FormFields(parsing: (String(repeating: "n", count: 65) + "=").utf8.span) }
        #expect(String(repeating: "n", count: 33).shownAsParameter == "with a name of 33 bytes")
        #expect(
            "a\u{1B}".shownAsParameter == "with a name of 2 bytes"
                && "Tags.member.1".shownAsParameter == "'Tags.member.1'")
    }

    @Test func `bytes that are no text are no text`() throws {
        let fields = try FormFields(parsing: "a=%ff&b=%ed%a0%80&c=%c0%80".utf8.span)
        for name in ["a", "b", "c"] { #expect(fields[name] != nil && fields[name]?.validText == nil) }
    }
}
