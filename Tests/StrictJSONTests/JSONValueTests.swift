import StrictJSON
import Testing

@Suite struct JSONValueTests {
    private let kinds: [(JSONValue, String)] = [
        (.null, "null"), (.bool(true), "a boolean"), (.number(JSONNumber(1)), "a number"), (.string("s"), "a string"),
        (.array([]), "an array"), (.object(JSONObject()), "an object"),
    ]

    @Test func `has a value of its own kind only`() {
        for (value, kind) in kinds {
            #expect(value.kind == kind)
            #expect((value.bool != nil) == (kind == "a boolean"))
            #expect((value.integer != nil) == (kind == "a number"))
            #expect((value.string != nil) == (kind == "a string"))
            #expect((value.array != nil) == (kind == "an array"))
            #expect((value.object != nil) == (kind == "an object"))
        }
    }

    @Test func `equals itself and no other kind`() {
        for (left, leftKind) in kinds {
            for (right, rightKind) in kinds { #expect((left == right) == (leftKind == rightKind)) }
        }
    }

    @Test(arguments: [("K", "\u{212A}"), ("\u{E9}", "e\u{301}"), ("a\u{301}\u{323}", "a\u{323}\u{301}")])
    func `takes spellings that Swift takes for equal for different`(one: String, other: String) {
        #expect(one == other)
        #expect(!one.hasSameBytes(as: other))
        #expect(one.hasSameBytes(as: one))
        #expect(JSONValue.string(one) != .string(other))
        let object = JSONObject([.init(one, .null)])
        #expect(object != JSONObject([.init(other, .null)]))
        #expect(object[other] == nil)
        #expect(object[one] == .null)
    }

    @Test func `sets, replaces and removes members in place`() {
        var object = JSONObject()
        object["a"] = .null
        object["b"] = .bool(true)
        object["a"] = .bool(false)
        #expect(object.members == [.init("a", .bool(false)), .init("b", .bool(true))])
        object["missing"] = nil
        object["a"] = nil
        #expect(object.members.map(\.name) == ["b"])
        object["\u{212A}"] = .null
        object["K"] = .null
        #expect(object.members.count == 3)
    }

    @Test func `tells names apart that are alike in length and at both ends`() throws {
        var object = try #require(JSONValue(parsing: #"{"a1z":1,"a2z":2,"":3,"a\u0033z":4,"é1é":5}"#).object)
        #expect(object["a1z"]?.integer == 1 && object["a2z"]?.integer == 2 && object["a3z"]?.integer == 4)
        #expect(object["a4z"] == nil && object["é2é"] == nil && object[""]?.integer == 3 && object["é1é"]?.integer == 5)
        object["a2z"] = .null
        object["a4z"] = .bool(true)
        #expect(object.members.map(\.name) == ["a1z", "a2z", "", "a3z", "é1é", "a4z"])
        #expect(object["a1z"]?.integer == 1 && object["a2z"] == .null && object["a4z"] == .bool(true))
    }

    @Test func `tells numbers apart by their literals and objects by their order`() throws {
        #expect(try JSONValue(parsing: "1") != JSONValue(parsing: "1.0"))
        #expect(try JSONValue(parsing: #"{"a":1,"b":2}"#) != JSONValue(parsing: #"{"b":2,"a":1}"#))
    }
}
