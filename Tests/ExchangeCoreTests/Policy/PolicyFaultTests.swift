import Testing

@testable import ExchangeCore

/// Everything that a policy is refused for: each fault named, none passed over.
@Suite struct PolicyFaultTests {
    private static let role = "arn:aws:iam::123456123456:role/test"
    private static let rule = """
        "name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": ["\(role)"]
        """

    /// One rule of the given JSON members, and a part of the fault that it must bring.
    static let ruleFaults: [(String, String)] = [
        (#"\#(rule), "max_duraton": 900"#, "unknown key 'max_duraton'"),
        (#"\#(rule), "session_policy": {"default": "x"}"#, "there is no session policy 'x'"),
        (#"\#(rule), "observe": {"until": "2030-01-01"}"#, "observed for at most 30 days"),
        (#"\#(rule), "observe": {"until": "soon"}"#, "until is a day"),
        (#"\#(rule), "observe": {}"#, "observe has no until"),
        (#"\#(rule), "one_use": true"#, "one_use is a mapping"),
        (#"\#(rule), "one_use": {}"#, "one_use has no fronts"),
        (#"\#(rule), "one_use": {"fronts": []}"#, "fronts is an empty list"),
        (
            #"\#(rule), "one_use": {"fronts": ["whoami"]}"#,
            "there is no front 'whoami'; the fronts are credentials, sts, container"
        ),
        (#"\#(rule), "one_use": {"fronts": ["credentials"], "store": "x"}"#, "unknown key 'store' in one_use"),
        (
            #""name": "one", "effect": "deny", "condition": {"StringEquals": {"event": "push"}}, "one_use": {"fronts": ["sts"]}"#,
            "unknown key 'one_use' in a deny rule"
        ),
        (#"\#(rule), "effect": "Allow""#, "effect is allow or deny"),
        (#"\#(rule), "max_duration": "1d""#, "max_duration is a time"),
        (#"\#(rule), "max_duration": "899s""#, "must be within 900 s to 43200 s"),
        (#"\#(rule), "max_duration": "13h""#, "must be within 900 s to 43200 s"),
        (#"\#(rule), "max_duration": "99999999999h""#, "max_duration is a time"),
        (#"\#(rule), "max_duration": null"#, "max_duration has no value"),
        (#"\#(rule), "max_duration": [900]"#, "max_duration is a single value"),
        (#"\#(rule), "regions": []"#, "regions is an empty list"),
        (#"\#(rule), "regions": "us-east-1""#, "regions is a list"),
        (#"\#(rule), "regions": ["useast1"]"#, "is not the name of a region"),
        (#"\#(rule), "regions": ["cn-north-1"]"#, "regions names none of the partition aws"),
        (#"\#(rule), "session_name": "a b""#, "session_name 'a b' must be"),
        (#"\#(rule), "session_name": "{repo_or}""#, "Vela sends no claim 'repo_or'"),
        (#"\#(rule), "session_name": "{iat}""#, "is a number"),
        (#""name": "one", "issuer": "vela", "roles": ["\#(role)"]"#, "a rule has no condition"),
        (
            #""name": "one", "issuer": "vela", "condition": {}, "roles": ["\#(role)"]"#,
            "condition is a mapping that is not empty"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {}}, "roles": ["\#(role)"]"#,
            "StringEquals is a mapping"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": []}}, "roles": ["\#(role)"]"#,
            "empty list"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringLike": {"sub": "*"}}, "roles": ["\#(role)"]"#,
            "met by every token"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringLike": {"sub": ["a*", "?*"], "ref": "**"}, "Bool": {"commands": [true, false]}}, "roles": ["\#(role)"]"#,
            "met by every token"
        ),
        (#""name": "one", "effect": "deny", "condition": {"StringLike": {"sub": "*"}}"#, "met by every token"),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEqual": {"event": "push"}}, "roles": ["\#(role)"]"#,
            "unknown operator 'StringEqual'"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"stringequals": {"event": "push"}}, "roles": ["\#(role)"]"#,
            "unknown operator"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringMatches": {"event": "push"}}, "roles": ["\#(role)"]"#,
            "unknown operator 'StringMatches'"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"events": "push"}}, "roles": ["\#(role)"]"#,
            "Vela sends no claim 'events'"
        ),
        (
            #""name": "one", "effect": "deny", "issuer": "vela", "condition": {"StringEquals": {"forked": "x"}}"#,
            "Vela sends no claim 'forked'"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"sub.x": "push"}}, "roles": ["\#(role)"]"#,
            "Vela sends no claim 'sub.x'"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"a..b": "push"}}, "roles": ["\#(role)"]"#,
            "names no claim"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"custom_properties": "x"}}, "roles": ["\#(role)"]"#,
            "name one of its members"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"exp": "1"}}, "roles": ["\#(role)"]"#,
            "is a number"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"Bool": {"event": true}}, "roles": ["\#(role)"]"#,
            "Bool is for commands"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"Bool": {"commands": "no"}}, "roles": ["\#(role)"]"#,
            "is true or false, not 'no'"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringLike": {"sub": "repo:${aws:x}:*"}}, "roles": ["\#(role)"]"#,
            "holds ${"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": ["push", null]}}, "roles": ["\#(role)"]"#,
            "has no value"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": {"x": "push"}}}, "roles": ["\#(role)"]"#,
            "is a list"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": "push"}, "roles": ["\#(role)"]"#,
            "StringEquals is a mapping"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "\#(String(repeating: "x", count: 2049))"}}, "roles": ["\#(role)"]"#,
            "longer than 2048"
        ),
        (
            #""name": "one", "issuer": "velo", "condition": {"StringEquals": {"event": "push"}}, "roles": ["\#(role)"]"#,
            "there is no issuer 'velo'; the issuers are generic, vela"
        ),
        (
            #""name": "one", "condition": {"StringEquals": {"event": "push"}}, "roles": ["\#(role)"]"#,
            "a rule has no issuer"
        ),
        (
            #""issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": ["\#(role)"]"#,
            "a rule has no name"
        ),
        (
            #""name": "a b", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": ["\#(role)"]"#,
            "must be 1 to 64 letters"
        ),
        (#""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}"#, "a rule has no roles"),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": "\#(role)""#,
            "roles is a list"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": ["test"]"#,
            "'test' is not the ARN of a role"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": ["arn:aws:iam::123456123456:user/test"]"#,
            "is not the ARN of a role"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": ["arn:aws:iam::*:role/test"]"#,
            "may stand behind role/ only"
        ),
        (
            #""name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": ["arn:aws:iam::123456123456:role/{repo_name"]"#,
            "may stand behind role/ only"
        ),
        (
            #""name": "one", "effect": "deny", "condition": {"StringEquals": {"event": "push"}}, "max_duration": 900"#,
            "unknown key 'max_duration' in a deny rule"
        ),
        (
            #""name": "one", "effect": "deny", "condition": {"StringEquals": {"event": "push"}}, "roles": []"#,
            "roles is an empty list"
        ),
    ]

    @Test(arguments: ruleFaults) func `a faulty rule is refused with a word on why`(_ rule: String, _ message: String)
        throws
    {
        let faults = try Self.faults(rules: "[{\(rule)}]")
        #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
        #expect(faults.count == 1, "\(faults)")
        #expect(faults.allSatisfy { $0.line != nil && $0.file == "policy.yaml" })
    }

    static let issuer = #""name": "vela", "url": "https://v.example.com", "audiences": ["aws"], "claims": "vela""#
    static let issuerFaults: [(String, String)] = [
        (#"\#(issuer), "aws_claims": "refuse""#, "aws_claims can only be pass"),
        (#"\#(issuer), "audience": "x""#, "unknown key 'audience' in an issuer"),
        (#"\#(issuer), "algorithms": ["HS256"]"#, "unknown algorithm 'HS256'"),
        (#"\#(issuer), "algorithms": ["none"]"#, "unknown algorithm 'none'"),
        (#"\#(issuer), "algorithms": []"#, "algorithms is an empty list"),
        (#"\#(issuer), "clock_skew": "61s""#, "must be within 0 s to 60 s"),
        (#"\#(issuer), "max_token_age": 5"#, "must be within 60 s to 86400 s"),
        (#"\#(issuer), "absent_pull_fork": true"#, "absent_pull_fork can only be false"),
        (#"\#(issuer), "keys_file": "k.json""#, "no key file can be read here"),
        (#"\#(issuer), "allow_plaintext": "yes""#, "is true or false"),
        (#""url": "https://v.example.com", "audiences": ["aws"], "claims": "vela""#, "an issuer has no name"),
        (#""name": "vela", "audiences": ["aws"], "claims": "vela""#, "an issuer has no url"),
        (#""name": "vela", "url": "https://v.example.com", "claims": "vela""#, "an issuer has no audiences"),
        (#""name": "vela", "url": "https://v.example.com", "audiences": ["aws"]"#, "an issuer has no claims"),
        (
            #""name": "vela", "url": "https://v.example.com", "audiences": ["aws"], "claims": "Vela""#,
            "claims is vela or generic"
        ),
        (
            #""name": "vela", "url": "https://v.example.com", "audiences": [""], "claims": "vela""#,
            "an audience is 1 to 256"
        ),
        (
            #""name": "vela", "url": "http://v.example.com", "audiences": ["aws"], "claims": "vela""#,
            "allow plaintext for this issuer"
        ),
        (#""name": "vela", "url": "v.example.com", "audiences": ["aws"], "claims": "vela""#, "must begin with https"),
        (
            #""name": "vela", "url": "https://u@v.example.com", "audiences": ["aws"], "claims": "vela""#,
            "url 'https://u@"
        ),
        (#""name": "vela", "url": "https://v.example.com?x", "audiences": ["aws"], "claims": "vela""#, "has a query"),
    ]

    @Test(arguments: issuerFaults) func `a faulty issuer is refused with a word on why`(
        _ issuer: String, _ message: String
    ) throws {
        let faults = try Self.faults(#"{"version": 1, "issuers": [{\#(issuer)}], "rules": [{\#(Self.anyRule)}]}"#)
        #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
        #expect(
            faults.allSatisfy { $0.message.contains(message) || $0.message.contains("there is no issuer") }, "\(faults)"
        )
    }

    private static let anyRule = #""name": "no", "effect": "deny", "condition": {"StringEquals": {"sub": "x"}}"#

    @Test(arguments: [
        ("[]", "a policy file is a mapping"), (#"{"issuers": [], "rules": []}"#, "has no version"),
        (#"{"version": 2}"#, "this gateway reads 1"), (#"{"version": 1}"#, "no file names an issuer"),
        (#"{"version": 1, "issuers": [{}]}"#, "no file holds a rule"),
        (#"{"version": 1, "rule": []}"#, "unknown key 'rule'"),
        (#"{"version": 1, "session_policies": []}"#, "session_policies is a mapping of names to policies"),
        (#"{"version": 1, "rules": {}}"#, "rules is a list"), (#"{"version": 1, "rules": [1]}"#, "a rule is a mapping"),
        (#"{"version": 1, "rules": []}"#, "rules is an empty list"),
    ])
    func `a faulty file is refused with a word on why`(_ file: String, _ message: String) throws {
        let faults = try Self.faults(file)
        #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
    }

    @Test func `every fault of every file is reported at once, in order`() throws {
        let first = try PolicySource(
            #"{"version": 1, "issuers": [{\#(Self.issuer), "x": 1}], "rules": [{"y": 1}]}"#, file: "a")
        let second = try PolicySource(#"{"version": 3, "rules": [{\#(Self.rule), "z": 1}]}"#, file: "b")
        let faults = try Self.faults([second, first])
        for part in ["'x'", "'y'", "has no name", "has no issuer", "has no condition", "has no roles", "'3'", "'z'"] {
            #expect(faults.contains { $0.message.contains(part) }, "\(part)")
        }
        let places = faults.map { "\($0.file) \(1000 + ($0.line ?? 0))" }
        #expect(places == places.sorted())
        #expect(faults.contains { $0.file == "b" && $0.rule == "one" && $0.message.contains("'z'") })
    }

    @Test func `names and urls stand once in all files`() throws {
        let issuers = #"{"version": 1, "issuers": [{\#(Self.issuer)}], "rules": [{\#(Self.rule)}]}"#
        let faults = try Self.faults([try PolicySource(issuers, file: "a"), try PolicySource(issuers, file: "b")])
        #expect(faults.count == 3)
        #expect(faults.allSatisfy { $0.file == "b" && $0.message.contains("stands already in a line") })
    }

    @Test func `a repeated key is refused even if the syntax let it pass`() throws {
        let here = SourcePosition(line: 2, column: 3)
        let version = SourceNode(.scalar("1", quoted: false), at: here)
        let entries = [
            SourceEntry(key: "version", at: here, value: version),
            SourceEntry(key: "version", at: here, value: version),
        ]
        let root = SourceNode(.mapping(entries), at: here)
        let faults = try Self.faults([PolicySource(file: "a", bytes: [], root: root)])
        #expect(faults.contains { $0.message.contains("stands here twice") && $0.position == here })
    }

    @Test func `a generic issuer has the claims that it has`() throws {
        _ = try PolicySet.rules(
            """
            [{"name": "one", "issuer": "generic", "condition": {"StringEquals": {"groups": "x", "a.b.c": "y"}},
              "roles": ["\(Self.role)"], "session_name": "{preferred_username}"}]
            """)
    }

    @Test func `a key file is read, checked and part of the digest`() throws {
        let source = try PolicySource(
            #"{"version": 1, "issuers": [{\#(Self.issuer), "keys_file": "k.json"}], "rules": [{\#(Self.anyRule)}]}"#)
        let keys = Self.keySet("one")
        let policy = try PolicyCompiler.compile([source], at: .loading) { _ throws(KeyFileFault) in keys }
        #expect(policy.issuers.map(\.keySource) == [.staticKeys(keys)])
        let other = try PolicyCompiler.compile([source], at: .loading) { _ throws(KeyFileFault) in Self.keySet("two") }
        #expect(policy.digest != other.digest)
        for bad in [#"{"keys": []}"#, "no JSON"] {
            #expect(throws: PolicyFaults.self) {
                try PolicyCompiler.compile([source], at: .loading) { _ throws(KeyFileFault) in Array(bad.utf8) }
            }
        }
    }

    @Test func `the digest covers names and bytes, not the order of reading`() throws {
        let first = try PolicySource(#"{"version": 1, "issuers": \#(PolicySet.twoIssuers)}"#, file: "a")
        let second = try PolicySource(#"{"version": 1, "rules": [{\#(Self.rule)}]}"#, file: "b")
        let renamed = PolicySource(file: "c", bytes: second.bytes, root: second.root)
        let spaced = PolicySource(file: "b", bytes: second.bytes + [10], root: second.root)
        let digest = try PolicyCompiler.compile([first, second], at: .loading).digest
        #expect(digest.utf8.count == 64)
        #expect(try PolicyCompiler.compile([second, first], at: .loading).digest == digest)
        #expect(try PolicyCompiler.compile([first, renamed], at: .loading).digest != digest)
        #expect(try PolicyCompiler.compile([first, spaced], at: .loading).digest != digest)
    }

    @Test func `a fault reads as a line with its place`() {
        let fault = PolicyFault(file: "a.yaml", at: SourcePosition(line: 3, column: 5), rule: "one", "it is wrong")
        #expect(fault.description == "a.yaml:3:5: rule one: it is wrong")
        #expect(PolicyFault(file: "a.yaml", "it is wrong").description == "a.yaml: it is wrong")
        #expect("a\nb\u{1B}c".quoted == "'a\u{FFFD}b\u{FFFD}c'")
    }

    private static func keySet(_ id: String) -> [UInt8] {
        let modulus = "v" + String(repeating: "-_Z3", count: 85) + "Q"
        return Array(#"{"keys": [{"kty": "RSA", "kid": "\#(id)", "n": "\#(modulus)", "e": "AQAB"}]}"#.utf8)
    }

    private static func faults(rules: String) throws -> [PolicyFault] {
        try faults(#"{"version": 1, "issuers": \#(PolicySet.twoIssuers), "rules": \#(rules)}"#)
    }

    private static func faults(_ json: String) throws -> [PolicyFault] { try faults([try PolicySource(json)]) }

    private static func faults(_ sources: [PolicySource]) throws -> [PolicyFault] {
        struct Compiled: Error {}
        do throws(PolicyFaults) {
            _ = try PolicyCompiler.compile(sources, at: .loading)
        } catch {
            return error.faults
        }
        throw Compiled()
    }
}
