import Secrets
import StrictJSON

@testable import ExchangeCore
@testable import Gateway
@testable import MicroHTTPD

/// JSON: what is read, is read again from what the writer makes of it.
func fuzzJSON(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return }
    precondition((try? JSONValue(parsing: value.bytes)) == value, "the writer's own document reads differently")
}

/// The compact form of a token, before any key is asked for.
func fuzzTokens(_ bytes: [UInt8]) {
    _ = try? CompactToken(parsing: Secret(bytes.span))
}

/// An issuer's key set.
func fuzzKeySets(_ bytes: [UInt8]) {
    _ = try? KeySet(parsing: bytes)
}

/// A policy file, from its YAML to the compiled rules.
func fuzzPolicies(_ bytes: [UInt8]) {
    guard let source = try? YAMLReader.read(bytes, file: "policy.yaml") else { return }
    _ = try? PolicyCompiler.compile([source], at: Timestamp(seconds: 1_767_225_600))
}

/// A session policy by IAM's grammar: it reads the same when minified, and is contained in itself.
func fuzzSessionPolicies(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let document = try? SessionPolicyDocument(parsing: text) else { return }
    precondition((try? SessionPolicyDocument(parsing: document.minified)) == document, "its own text reads differently")
    // A variable counts as anything in a request, and only as itself in a ceiling.
    guard !document.minified.contains("$"), let ceiling = try? SessionPolicyCeiling(document) else { return }
    precondition(ceiling.excess(of: document) == nil, "it is not contained in itself")
}

/// A trust policy, or what AWS prints of roles: read and judged in both modes.
func fuzzTrustPolicies(_ bytes: [UInt8]) {
    guard let roles = try? RoleTrust.all(in: bytes) else { return }
    for gateway in [nil, "https://issuer.example.com/vela"] {
        let expectations = TrustExpectations(issuers: [], gateway: gateway)
        for finding in roles.flatMap({ $0.lint(expecting: expectations) }) {
            precondition(!finding.description.utf8.contains { $0 < 0x20 }, "a finding of more than a line")
        }
    }
}

/// STS's answer.
func fuzzSTS(_ bytes: [UInt8]) {
    _ = try? STSAnswer(parsing: Secret(bytes.span))
}

/// A form as an AWS SDK sends it.
func fuzzForms(_ bytes: [UInt8]) {
    guard let form = try? FormFields(parsing: bytes.span) else { return }
    _ = try? AssumeRoleQuery.read(form)
}

/// The target of a request line.
func fuzzTargets(_ bytes: [UInt8]) {
    guard let target = RequestTarget(bytes.span) else { return }
    precondition(target.path.utf8.first == UInt8(ascii: "/"), "a path that begins elsewhere")
}
