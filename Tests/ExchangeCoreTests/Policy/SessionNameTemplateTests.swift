import StrictJSON
import Testing

@testable import ExchangeCore

@Suite struct SessionNameTemplateTests {
    private static func template(_ text: String) throws -> SessionNameTemplate {
        struct NoTemplate: Error {}
        let node = SourceNode(.scalar(text, quoted: true), at: SourcePosition(line: 1, column: 1))
        let scope = FaultScope(file: "f", log: FaultLog())
        guard let template = SessionNameTemplate.parse(node, schema: ClaimSchema(of: nil, among: []), scope: scope)
        else {
            throw NoTemplate()
        }
        return template
    }

    private static func name(_ template: String, _ values: [String: String], issuer: String = "vela") throws -> String {
        let members = values.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, .string($0.value)) }
        return try Self.template(template).name(for: Claims(members: JSONObject(members)), of: issuer).description
    }

    @Test(arguments: [
        ("{a}.{b}-{c}", ["a": "octo-org", "b": "repo", "c": "42"], "octo-org.repo-42"),
        ("build-{c}", ["c": "42"], "build-42"), ("constant", [:], "constant"),
        ("{a}", ["a": "a-b.c_d@e,f+g"], "a-b.c_d@e,f+g"),
        ("{a}{c}", ["a": "x", "c": "y"], "xy"),
    ])
    func `a name that shows its values as they are is plain`(
        _ template: String, _ values: [String: String], _ expected: String
    ) throws {
        #expect(try Self.name(template, values) == expected)
    }

    @Test(arguments: [
        // An unfit character, a long value, a short name, an equals sign, values that run into each other.
        ("{a}-{c}", ["a": "octo/org", "c": "1"], "octo-org-1="), ("{a}", ["a": "é"], "-="),
        ("{a}", ["a": String(repeating: "x", count: 65)], String(repeating: "x", count: 47) + "="),
        ("{a}", ["a": "x"], "x="), ("{a}", ["a": "x=y"], "x=y="), ("x={a}", ["a": "y"], "x=y="),
        ("{a}{c}", ["a": "x", "c": "yz"], "xyz="),
        ("{a}.{b}-{c}", ["a": "o.rg", "b": "repo", "c": "1"], "o.rg.repo-1="),
        ("{a}.{b}-{c}", ["a": "org", "b": "re-po", "c": "1"], "org.re-po-1="),
        ("{a}--{b}", ["a": "x-", "b": "y"], "x---y="),
        ("{a}.{b}-{c}", ["a": "org", "b": "repo", "c": "1.2-3"], "org.repo-1.2-3="),
    ])
    func `a name that hides or blurs its values ends in a hash`(
        _ template: String, _ values: [String: String], _ shown: String
    ) throws {
        let name = try Self.name(template, values)
        #expect(name.hasPrefix(shown))
        #expect(name.utf8.count == shown.utf8.count + 16)
        #expect(
            name.utf8.dropFirst(shown.utf8.count).allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".utf8.contains($0) })
        #expect(try Self.name(template, values) == name)
        #expect(try Self.name(template, values, issuer: "other") != name)
    }

    @Test func `a build number is digits, so the dash before it blurs nothing`() throws {
        let policy = try PolicySet.rules(PolicyDecisionTests.sample)
        for (repository, name) in [("octo-repo", "octo-org.octo-repo-42"), ("a.b", nil), ("x-1", "octo-org.x-1-42")] {
            let claims = try Claims.push(#"{"repo_name": "\#(repository)"}"#)
            let ruling = try policy.ruling(on: claims, from: "vela", asking: .role(), at: .loading)
            #expect((ruling.sessionName.description == name) == (name != nil))
            #expect(ruling.sessionName.description.contains("=") == (name == nil))
        }
        #expect(policy.answer(try .push(#"{"build_number": "4x"}"#), asking: try .role()) == "denied octo-repo")
    }

    @Test func `the longest plain name is 64 characters and stays whole`() throws {
        let value = String(repeating: "x", count: 64)
        #expect(try Self.name("{a}", ["a": value]) == value)
    }

    /// The point of it: values that differ never share a name, however they are cut, mended or joined.
    @Test(arguments: ["{a}.{b}-{c}", "{a}{b}{c}", "{a}--{b}.{c}", "p={a}-{b}-{c}", "{a}+{b}+{c}+end"])
    func `different values never share a name`(_ template: String) throws {
        var random = SplitMix(state: 11)
        let letters = Array("ab.-+=/é".unicodeScalars)
        let parsed = try Self.template(template)
        var names: [String: [String]] = [:]
        for _ in 0..<1500 {
            let values = (0..<3).map { _ in "a" + random.text(of: letters, upTo: 3) }
            let members = zip(["a", "b", "c"], values).map { JSONObject.Member($0, .string($1)) }
            let name = try parsed.name(for: Claims(members: JSONObject(members)), of: "vela").description
            #expect(SessionName(parsing: name) != nil)
            if let other = names[name] { #expect(other == values, "\(other) and \(values) are both \(name)") }
            names[name] = values
        }
    }

    @Test func `long values that differ at the end do not share a name`() throws {
        let long = String(repeating: "x", count: 100)
        #expect(try Self.name("{a}", ["a": long + "1"]) != Self.name("{a}", ["a": long + "2"]))
    }

    @Test(arguments: ["", "{", "}", "{}", "a{b", "{a}}", "{{a}}", "{a..b}", "a b", "é", "x/{a}", "{a}:{b}"])
    func `a malformed template is refused`(_ text: String) {
        #expect(throws: (any Error).self) { try Self.template(text) }
    }

    @Test(arguments: ["{}", #"{"a": ""}"#, #"{"a": 1}"#, #"{"a": ["x"]}"#, #"{"a": {"b": "c"}}"#, #"{"a": null}"#])
    func `a missing, empty or unfit claim refuses`(_ claims: String) throws {
        let template = try Self.template("{a}")
        #expect(throws: UnfilledTemplate.self) { try template.name(for: Claims(claims), of: "vela") }
    }

    @Test func `base32 is that of RFC 4648`() {
        let vectors = [
            ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("foobar", "mzxw6ytboi"),
        ]
        for (text, encoded) in vectors { #expect(Base32.encode(text.utf8) == encoded) }
    }
}
