import Testing

@testable import ExchangeCore

/// What a policy in issuer mode is refused for at load.
@Suite struct FederationFaultTests {
    private static let manyTags = (1...51).map { #""k\#($0)": "v""# }.joined(separator: ", ")

    @Test(arguments: [
        (#""federation": "both""#, "federation is forward or issuer, not 'both'"),
        (#""federation": "forward", "tags": {"Repo": "{repo}"}"#, "tags is for a rule in issuer mode"),
        (#""federation": "forward", "source_identity": "{repo}""#, "source_identity is for a rule in issuer mode"),
        (#""federation": "forward", "subject": "{sub}""#, "subject is for a rule in issuer mode"),
        (#""federation": "forward", "pin_role": true"#, "pin_role is for a rule in issuer mode"),
        (#""federation": "issuer", "observe": {"until": "2026-01-15"}"#, "observe is not for a rule in issuer mode"),
        (#""federation": "issuer", "tags": {}"#, "tags is a mapping"),
        (#""federation": "issuer", "tags": ["Repo"]"#, "tags is a mapping"),
        (#""federation": "issuer", "tags": {\#(manyTags)}"#, "tags has 51 keys; AWS takes 50"),
        (
            #""federation": "issuer", "tags": {"Repo": "{repo}", "repo": "x"}"#,
            "'Repo' and 'repo', which AWS takes for one key"
        ),
        (#""federation": "issuer", "tags": {"AWS:x": "x"}"#, "the tag key 'AWS:x' begins with aws:"),
        (#""federation": "issuer", "tags": {"a;b": "x"}"#, "the tag key 'a;b' holds a character"),
        (
            #""federation": "issuer", "tags": {"{repo}": "x"}"#,
            "a key is a literal, only its value is filled from claims"
        ),
        (#""federation": "issuer", "tags": {"": "x"}"#, "is 0 characters long; AWS takes 1 to 128"),
        (
            #""federation": "issuer", "tags": {"\#(String(repeating: "k", count: 129))": "x"}"#,
            "is 129 characters long; AWS takes 1 to 128"
        ),
        (#""federation": "issuer", "tags": {"Repo": ""}"#, "tags.Repo '' must be"),
        (#""federation": "issuer", "tags": {"Repo": "a;b"}"#, "tags.Repo 'a;b' must be"),
        (#""federation": "issuer", "tags": {"Repo": "{rep}"}"#, "Vela sends no claim 'rep'"),
        (#""federation": "issuer", "tags": {"Repo": "{iat}"}"#, "the claim 'iat' is a number"),
        (#""federation": "issuer", "tags": {"Repo": {"transitive": true}}"#, "tags.Repo has no value"),
        (#""federation": "issuer", "tags": {"Repo": {"value": "x", "transitiv": true}}"#, "unknown key 'transitiv'"),
        (
            #""federation": "issuer", "tags": {"Repo": {"value": "x", "transitive": "yes"}}"#,
            "transitive is true or false"
        ),
        (#""federation": "issuer", "source_identity": "a b""#, "source_identity 'a b' must be"),
        (#""federation": "issuer", "subject": "abc""#, "subject 'abc' is 3 characters long; AWS takes 6 to 255"),
        (#""federation": "issuer", "subject": "{sub""#, "subject '{sub' must be"),
        (#""federation": "issuer", "pin_role": "yes""#, "pin_role is true or false"),
    ])
    func `is named, with the remedy`(_ members: String, _ words: String) throws {
        let faults = try FederationPolicy.faults(
            FederationPolicy.json(FederationPolicy.rule(mode: nil, more: ", " + members)))
        #expect(faults.contains { $0.contains(words) }, "\(faults)")
    }

    @Test func `a subject without the issuer in front is refused where there are several`() throws {
        let issuers = [FederationPolicy.issuer("vela"), FederationPolicy.issuer("second")]
        for subject in ["{sub}", "{sub}:{issuer}", "{issuer}{sub}", "x:{issuer}:{sub}"] {
            let faults = try FederationPolicy.faults(
                FederationPolicy.json(
                    FederationPolicy.rule(more: #", "subject": "\#(subject)""#),
                    FederationPolicy.rule("two", issuer: "second"), issuers: issuers))
            #expect(faults.contains { $0.contains("does not begin with {issuer}:") }, "\(subject): \(faults)")
        }
    }

    @Test func `a deny has no federation, and only one file speaks for the policy`() throws {
        let deny =
            #"{"name": "no", "effect": "deny", "condition": {"Bool": {"pull_fork": true}}, "federation": "issuer"}"#
        let faults = try FederationPolicy.faults(FederationPolicy.json(FederationPolicy.rule(), deny))
        #expect(faults.contains { $0.contains("unknown key 'federation' in a deny rule") })
        let twice = try FederationPolicy.faults(
            FederationPolicy.json(FederationPolicy.rule(), top: #", "federation": "issuer""#),
            #"{"version": 1, "federation": "forward"}"#)
        #expect(twice.contains { $0.contains("the key 'federation' stands already in 0.yaml") }, "\(twice)")
        for (top, words) in [
            (#""x""#, "federation is forward or issuer"), (#"{"audience": "x"}"#, "federation has no mode"),
            (#"{"mode": "issuer", "audience": "a b"}"#, "audience is 1 to 255 printable"),
            (#"{"mode": "issuer", "url": "x"}"#, "unknown key 'url' in federation"),
        ] {
            let faults = try FederationPolicy.faults(
                FederationPolicy.json(FederationPolicy.rule(), top: #", "federation": \#(top)"#))
            #expect(faults.contains { $0.contains(words) }, "\(faults)")
        }
    }

    @Test func `a reload that makes the gateway's token say less is a loss`() throws {
        func policy(_ mode: String, _ more: String = "") throws -> PolicySet {
            try FederationPolicy.compile(FederationPolicy.json(FederationPolicy.rule(mode: mode, more: more)))
        }
        let full = try policy(
            "issuer",
            #", "tags": {"Repo": "{repo}", "Event": "{event}"}, "source_identity": "{repo}", "pin_role": true"#)
        let loss = [PolicyLoss(kind: .federation, rule: "one")]
        #expect(full.losses(to: full) == [])
        for lesser in try [
            policy("forward"), policy("issuer"),
            policy("issuer", #", "tags": {"Repo": "{repo}"}, "source_identity": "{repo}", "pin_role": true"#),
            policy(
                "issuer", #", "tags": {"Repo": "x", "Event": "{event}"}, "source_identity": "{repo}", "pin_role": true"#
            ),
            policy("issuer", #", "tags": {"Repo": "{repo}", "Event": "{event}"}, "pin_role": true"#),
            policy("issuer", #", "tags": {"Repo": "{repo}", "Event": "{event}"}, "source_identity": "{repo}""#),
        ] { #expect(full.losses(to: lesser) == loss) }
        #expect(try policy("forward").losses(to: full) == [])
    }
}
