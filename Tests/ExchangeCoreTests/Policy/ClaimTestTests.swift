import StrictJSON
import Testing

@testable import ExchangeCore

/// What each operator says of a claim, where the ways of counting differ. The oracle has the breadth; this is to be read.
@Suite struct ClaimTestTests {
    @Test(arguments: [
        // several values, plain and with each prefix
        ("StringEquals", #"["a", "b"]"#, "met"), ("StringNotEquals", #"["a", "b"]"#, "not"),
        ("StringNotEquals", #"["b", "c"]"#, "met"), ("ForAnyValue:StringEquals", #"["a", "b"]"#, "met"),
        ("ForAnyValue:StringNotEquals", #"["a", "b"]"#, "met"), ("ForAnyValue:StringNotEquals", #"["a", "a"]"#, "not"),
        ("ForAllValues:StringEquals", #"["a", "b"]"#, "not"), ("ForAllValues:StringEquals", #"["a", "a"]"#, "met"),
        ("ForAllValues:StringNotEquals", #"["b", "c"]"#, "met"),
        ("ForAllValues:StringNotEquals", #"["a", "c"]"#, "not"),
        // no value
        ("StringEquals", "[]", "not"), ("StringNotEquals", "[]", "met"), ("StringEqualsIfExists", "[]", "met"),
        ("ForAnyValue:StringNotEquals", "[]", "not"), ("ForAnyValue:StringEqualsIfExists", "[]", "met"),
        ("ForAllValues:StringEquals", "[]", "doubt"), ("ForAllValues:StringEqualsIfExists", "[]", "doubt"),
        // one value that cannot be read
        ("StringEquals", #"["a", 1]"#, "doubt"), ("StringNotEquals", "1", "doubt"),
        ("StringNotEquals", "null", "doubt"),
        ("ForAnyValue:StringEquals", #"["a", null]"#, "doubt"),
    ])
    func `counts values as IAM does, and doubts where IAM would open a door`(
        _ name: String, _ value: String, _ expected: String
    ) throws {
        let claims = try Claims(#"{"x": \#(value)}"#)
        #expect(try answer(#"{"\#(name)": {"x": "a"}}"#, claims) == expected)
        if value == "[]" { #expect(try answer(#"{"\#(name)": {"x": "a"}}"#, Claims("{}")) == expected) }
    }

    @Test(arguments: [
        ("{}", "true", "met"), ("{}", "false", "not"), (#"{"x": "a"}"#, "true", "not"),
        (#"{"x": "a"}"#, "false", "met"),
        (#"{"x": null}"#, "true", "met"), (#"{"x": []}"#, "true", "met"), (#"{"x": {}}"#, "false", "met"),
    ])
    func `Null looks at presence alone`(_ claims: String, _ wanted: String, _ expected: String) throws {
        #expect(try answer(#"{"Null": {"x": \#(wanted)}}"#, Claims(claims)) == expected)
    }

    @Test func `what is unknown is doubted, whatever is asked of it`() throws {
        let claims = try Claims("{}", unknown: ["x"])
        for name in ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "ForAnyValue:StringEquals"] {
            #expect(try answer(#"{"\#(name)": {"x": "a"}}"#, claims) == "doubt")
        }
        #expect(try answer(#"{"Null": {"x": true}}"#, claims) == "doubt")
    }

    @Test(arguments: [
        "NullIfExists", "ForAnyValue:Null", "ForAllValues:Null", "stringEquals", "StringEqualsifExists",
        "ForAny:StringEquals",
        "IfExists", "ForAnyValue:", "StringEqualsIfExistsIfExists", "ForAnyValue:ForAllValues:StringEquals", "",
    ])
    func `spells operators as IAM does, and knows no other`(_ name: String) {
        #expect(ConditionOperator(spelt: name) == nil)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "+1", "1e3", " 1", "１", "1234567890123456789", "1.1234567890", "0x1", "1,0", "--1",
    ])
    func `a decimal is digits within its bounds`(_ text: String) {
        #expect(Decimal(parsing: text) == nil)
    }

    @Test func `decimals compare exactly`() throws {
        func decimal(_ text: String) throws -> Decimal { try #require(Decimal(parsing: text)) }
        #expect(
            try decimal("0.1") == decimal("0.100000000") && decimal("-0") == decimal("0")
                && decimal("007") == decimal("7"))
        #expect(try decimal("9007199254740993") > decimal("9007199254740992"))
        #expect(try decimal("-0.000000001") < decimal("0") && decimal("999999999999999999.999999999") > decimal("0"))
        let literal = try #require(try JSONValue(parsing: "[1E+3, 1e-10, 1e30, 10e-1]").array)
        let numbers = literal.map { value -> Decimal? in
            if case .number(let number) = value { Decimal(number) } else { nil }
        }
        #expect(try numbers == [decimal("1000"), nil, nil, decimal("1")])
    }

    /// `met` in allow and deny, `not` in both, or `doubt`: met in a deny only.
    private func answer(_ condition: String, _ claims: Claims) throws -> String {
        var line = 0
        let log = FaultLog()
        let scope = FaultScope(file: "case", log: log)
        let node = SourceNode(.object(JSONObject([.init("condition", try JSONValue(parsing: condition))])), line: &line)
        let reader = try #require(MappingReader(node, what: "a rule", keys: ["condition"], scope: scope))
        let read = ConditionReader(schema: ClaimSchema(of: nil, among: []), scope: scope).condition(in: reader)
        let compiled = try #require(read, "\(log.faults)")
        let (allow, deny) = (
            compiled.firstFailure(claims, effect: .allow), compiled.firstFailure(claims, effect: .deny)
        )
        switch (allow == nil, deny == nil) {
        case (true, true): return "met"
        case (false, false): return "not"
        case (false, true): return "doubt"
        case (true, false): return "met in an allow only"
        }
    }
}
