import StrictJSON

@testable import ExchangeCore

/// A policy written as JSON, so that the core's tests need no YAML. Every node and key is on a line of its own, counted in
/// reading order; the gateway's tests check real lines.
extension PolicySource {
    init(_ json: String, file: String = "policy.yaml") throws {
        var line = 0
        self.init(
            file: file, bytes: Array(json.utf8), root: SourceNode(try JSONValue(parsing: json), line: &line))
    }
}

extension SourceNode {
    init(_ value: JSONValue, line: inout Int) {
        line += 1
        let position = SourcePosition(line: line, column: 1)
        switch value {
        case .null: self.init(.scalar("", quoted: false), at: position)
        case .bool(let value): self.init(.scalar("\(value)", quoted: false), at: position)
        case .number(let number): self.init(.scalar(number.literal, quoted: false), at: position)
        case .string(let text): self.init(.scalar(text, quoted: true), at: position)
        case .array(let elements):
            self.init(.sequence(elements.map { SourceNode($0, line: &line) }), at: position)
        case .object(let object):
            let entries = object.members.map { member in
                line += 1
                let place = SourcePosition(line: line, column: 1)
                return SourceEntry(key: member.name, at: place, value: SourceNode(member.value, line: &line))
            }
            self.init(.mapping(entries), at: position)
        }
    }
}

extension Timestamp {
    /// When the tests load their policies, and ask them: 2026-01-01.
    static let loading = Timestamp(seconds: 1_767_225_600)
}

extension PolicySet {
    /// One Vela issuer named `vela`, one generic one named `generic`, and `rules`, a JSON array.
    static func rules(_ rules: String) throws -> PolicySet {
        let source = try PolicySource(#"{"version": 1, "issuers": \#(twoIssuers), "rules": \#(rules)}"#)
        return try PolicyCompiler.compile([source], at: .loading)
    }

    static let twoIssuers = """
        [{"name": "vela", "url": "https://vela.example.com/_services/token", "audiences": ["sts.amazonaws.com"],
          "claims": "vela"},
         {"name": "generic", "url": "https://idp.example.com", "audiences": ["aws"], "claims": "generic"}]
        """
}

extension Claims {
    init(_ json: String, unknown: Set<String> = []) throws {
        self.init(members: try JSONValue(parsing: json).object ?? JSONObject(), unknown: unknown)
    }

    /// What a push to the main branch of octo-org/octo-repo has, with `changes`, a JSON object, on top.
    static func push(_ changes: String = "{}", without absent: [String] = [], unknown: Set<String> = []) throws
        -> Claims
    {
        var members = try Claims(
            """
            {"sub": "repo:octo-org/octo-repo:ref:refs/heads/main:event:push", "aud": "sts.amazonaws.com",
             "repo": "octo-org/octo-repo", "repo_org": "octo-org", "repo_name": "octo-repo", "event": "push",
             "ref": "refs/heads/main", "branch": "main", "build_number": "42", "actor": "octo-cat",
             "image": "registry.example.com/vela-aws-credentials:1.2.0", "commands": "false", "pull_fork": "false",
             "custom_properties": {"team": "octo", "tier": 1, "live": "true"}}
            """
        ).members
        for change in try Claims(changes).members.members { members[change.name] = change.value }
        for name in absent { members[name] = nil }
        return Claims(members: members, unknown: unknown)
    }
}

extension ExchangeRequest {
    static func role(
        _ name: String = "test", partition: String = "aws", region: String? = nil, seconds: Int64? = nil,
        sessionName: String? = nil, policy: RequestedSessionPolicy = .none, managed: [String] = []
    ) throws -> ExchangeRequest {
        struct NotAnARN: Error {}
        guard let role = RoleARN(parsing: "arn:\(partition):iam::123456123456:role/\(name)") else { throw NotAnARN() }
        return ExchangeRequest(
            role: role, region: region.flatMap(Region.init(parsing:)), duration: seconds.map { .seconds($0) },
            sessionName: sessionName.flatMap(SessionName.init(parsing:)), sessionPolicy: policy,
            managedPolicies: managed.compactMap(ManagedPolicyARN.init(parsing:)))
    }
}

extension PolicySet {
    /// The answer in a word and the rule: `allow octo-repo`, `role_not_allowed octo-repo`.
    func answer(
        _ claims: Claims, from issuer: String = "vela", asking request: ExchangeRequest, at now: Timestamp = .loading
    ) -> String {
        do throws(Refusal) {
            return "allow " + (try ruling(on: claims, from: issuer, asking: request, at: now)).rule
        } catch {
            switch error {
            case .policyDenied(let rule, _): return "denied " + (rule ?? "-")
            case .roleNotAllowed(let rule): return "role " + rule
            case .regionNotAllowed(let rule, _): return "region " + rule
            case .durationNotAllowed(let rule, _): return "duration " + rule
            case .sessionPolicyNotAllowed(let rule, _): return "session_policy " + rule
            default: return "\(error)"
            }
        }
    }
}
