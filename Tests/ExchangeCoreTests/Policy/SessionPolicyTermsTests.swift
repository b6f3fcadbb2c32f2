import StrictJSON
import Testing

@testable import ExchangeCore

/// What is sent to STS: each cell of what a caller asks for and what his rule says.
@Suite struct SessionPolicyTermsTests {
    private static let policies = """
        {"read": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::artifacts/*"}},
         "list": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::artifacts", "arn:aws:s3:::artifacts/*"]}},
         "wide": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}},
         "no-iam": {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}}}
        """
    private static let readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    private static let inlineText =
        #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::artifacts/a/*"}}"#

    /// What a caller may ask for.
    private enum Wish: String, CaseIterable {
        case none, inline, named, managed

        func request() throws -> ExchangeRequest {
            switch self {
            case .none: try .role()
            case .inline: try .role(policy: .inline(inlineText))
            case .named: try .role(policy: .named("read"))
            case .managed: try .role(managed: [readOnly])
            }
        }
    }

    /// A rule's `session_policy`, and for each wish what is sent: names of documents joined by `+`, `all` for Allow * on *,
    /// `-` for nothing, `refused`.
    private static let cells: [(terms: String, sent: [Wish: String])] = [
        (#"{}"#, [.none: "-", .inline: "inline", .named: "refused", .managed: "refused"]),
        (#"{"named": ["read"]}"#, [.none: "-", .inline: "inline", .named: "read", .managed: "refused"]),
        (#"{"default": "list"}"#, [.none: "list", .inline: "inline", .named: "refused", .managed: "refused"]),
        (#"{"default": "read"}"#, [.none: "read", .inline: "inline", .named: "read", .managed: "refused"]),
        (
            #"{"default": "list", "named": ["read"]}"#,
            [.none: "list", .inline: "inline", .named: "read", .managed: "refused"]
        ),
        (#"{"ceiling": "list"}"#, [.none: "list", .inline: "inline", .named: "refused", .managed: "refused"]),
        (
            #"{"ceiling": "list", "default": "read"}"#,
            [.none: "read", .inline: "inline", .named: "read", .managed: "refused"]
        ),
        (
            #"{"always": ["no-iam"]}"#,
            [.none: "all+no-iam", .inline: "inline+no-iam", .named: "refused", .managed: "refused"]
        ),
        (
            #"{"always": ["no-iam"], "default": "list", "named": ["read"]}"#,
            [.none: "list+no-iam", .inline: "inline+no-iam", .named: "read+no-iam", .managed: "refused"]
        ),
        (
            #"{"always": ["no-iam"], "ceiling": "list"}"#,
            [.none: "list+no-iam", .inline: "inline+no-iam", .named: "refused", .managed: "refused"]
        ),
        (#"{"managed": ["\#(readOnly)"]}"#, [.none: "-", .inline: "inline", .named: "refused", .managed: "-"]),
        (
            #"{"managed": ["\#(readOnly)"], "default": "list"}"#,
            [.none: "list", .inline: "inline", .named: "refused", .managed: "-"]
        ),
        (
            #"{"managed": ["\#(readOnly)"], "always": ["no-iam"]}"#,
            [.none: "all+no-iam", .inline: "inline+no-iam", .named: "refused", .managed: "no-iam"]
        ),
        (
            #"{"managed": ["\#(readOnly)"], "always": ["no-iam"], "default": "list", "named": ["read"]}"#,
            [.none: "list+no-iam", .inline: "inline+no-iam", .named: "read+no-iam", .managed: "no-iam"]
        ),
    ]

    @Test(arguments: cells.indices) func `each cell sends what it must`(_ index: Int) throws {
        let (terms, sent) = Self.cells[index]
        let policy = try Self.policy(terms)
        for wish in Wish.allCases {
            let answer = try answer(of: policy, to: wish)
            #expect(answer == sent[wish], "\(wish) under \(terms)")
        }
    }

    private func answer(of policy: PolicySet, to wish: Wish) throws -> String {
        do {
            let session = try policy.ruling(on: .push(), from: "vela", asking: wish.request(), at: .loading).session
            #expect(session.managed == (wish == .managed ? [Self.readOnly] : []))
            return try Self.names(of: session.inline)
        } catch Refusal.sessionPolicyNotAllowed(rule: "bound", reason: _) {
            return "refused"
        }
    }

    @Test func `what is wider than the ceiling is refused with the statement`() throws {
        let policy = try Self.policy(#"{"ceiling": "list"}"#)
        let text =
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::artifacts/*"}}"#
        let refusal = #expect(throws: Refusal.self) {
            try policy.ruling(on: .push(), from: "vela", asking: .role(policy: .inline(text)), at: .loading)
        }
        guard case .sessionPolicyNotAllowed("bound", let reason)? = refusal else { Issue.record("no refusal"); return }
        #expect(reason.contains("statement 1") && reason.contains("s3:PutObject"))
    }

    @Test func `what is no policy is malformed, and what is too long is too large`() throws {
        let policy = try Self.policy("{}")
        func refusal(_ text: String) -> Refusal? {
            #expect(throws: Refusal.self) {
                try policy.ruling(on: .push(), from: "vela", asking: .role(policy: .inline(text)), at: .loading)
            }
        }
        for text in ["", "{}", "text", #"{"Version": "2008-10-17", "Statement": []}"#] {
            guard case .sessionPolicyMalformed? = refusal(text) else { Issue.record("\(text)"); continue }
        }
        let buckets = (0..<100).map { #""arn:aws:s3:::bucket-\#($0)-of-a-long-name/*""# }.joined(separator: ",")
        let long =
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": [\#(buckets)]}}"#
        guard case .sessionPolicyTooLarge? = refusal(long) else { Issue.record("long"); return }
    }

    /// A policy that AWS takes by itself, with room for next to nothing beside it.
    private static let long: String = {
        let path = String(repeating: "x", count: 1900)
        return
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/\#(path)"}}"#
    }()

    @Test func `what is too long only together is refused before STS is asked`() throws {
        let request = try ExchangeRequest.role(policy: .inline(Self.long))
        _ = try Self.policy("{}").ruling(on: .push(), from: "vela", asking: request, at: .loading)
        for terms in [#"{"always": ["no-iam"]}"#, #"{"managed": ["\#(Self.readOnly)"]}"#] {
            var request = request
            if terms.contains("managed") {
                let arns = Array(repeating: Self.readOnly, count: 4)
                request.managedPolicies = arns.compactMap(ManagedPolicyARN.init(parsing:))
            }
            let refusal = #expect(throws: Refusal.self) {
                try Self.policy(terms).ruling(on: .push(), from: "vela", asking: request, at: .loading)
            }
            guard case .sessionPolicyTooLarge(let reason)? = refusal else { Issue.record("\(terms)"); continue }
            #expect(reason.contains("2048"))
        }
    }

    @Test func `a rule whose own policies are too long together is refused at load`() throws {
        let policies =
            #"{"long": \#(Self.long), "no-iam": {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": ["iam:*", "sts:AssumeRole"], "Resource": "*"}}}"#
        for key in [#""default": "long""#, #""named": ["long"]"#, #""ceiling": "long""#] {
            _ = try Self.policy("{\(key)}", policies)
            let faults = #expect(throws: PolicyFaults.self) {
                try Self.policy(#"{\#(key), "always": ["no-iam"]}"#, policies)
            }
            #expect(faults?.description.contains("the longest session policy of this rule has") == true)
        }
    }

    @Test func `a managed policy of another account than the role is refused`() throws {
        let other = "arn:aws:iam::999999999999:policy/theirs"
        let policy = try Self.policy(#"{"managed": ["\#(other)"]}"#)
        let refusal = #expect(throws: Refusal.self) {
            try policy.ruling(on: .push(), from: "vela", asking: .role(managed: [other]), at: .loading)
        }
        guard case .sessionPolicyNotAllowed(_, let reason)? = refusal else { Issue.record("no refusal"); return }
        #expect(reason.contains("another account"))
    }

    @Test func `a reload can tell which bounds are lost`() throws {
        let old = try Self.policy(#"{"always": ["no-iam"], "ceiling": "list"}"#)
        let always = PolicyLoss(kind: .always, rule: "bound")
        let ceiling = PolicyLoss(kind: .ceiling, rule: "bound")
        #expect(old.losses(to: old).isEmpty)
        #expect(old.losses(to: try Self.policy(#"{"always": ["no-iam"]}"#)) == [ceiling])
        #expect(old.losses(to: try Self.policy(#"{"always": ["no-iam"], "ceiling": "wide"}"#)) == [ceiling])
        #expect(old.losses(to: try Self.policy(#"{"ceiling": "list"}"#)) == [always])
        #expect(old.losses(to: try Self.policy("{}")) == [always, ceiling])
        #expect(try Self.policy("{}").losses(to: old).isEmpty)
    }

    @Test(arguments: [
        (#"{"default": "nobody"}"#, "there is no session policy 'nobody'; there are list, no-iam, read, wide"),
        (#"{"ceiling": "no-iam"}"#, "'no-iam' cannot be a ceiling"),
        (#"{"always": ["read"]}"#, "'read' cannot be an always"),
        (#"{"ceiling": "read", "default": "wide"}"#, "'wide' is not within the ceiling"),
        (#"{"ceiling": "read", "named": ["wide"]}"#, "'wide' is not within the ceiling"),
        (#"{"ceiling": "read", "managed": ["\#(readOnly)"]}"#, "managed does not go with ceiling"),
        (#"{"managed": ["ReadOnlyAccess"]}"#, "is not the ARN of a managed policy"),
        (#"{"defualt": "read"}"#, "unknown key 'defualt' in session_policy"),
        (#"["read"]"#, "session_policy is a mapping"),
        (#"{"always": "no-iam"}"#, "always is a list"),
    ])
    func `terms that cannot hold are refused at load`(_ terms: String, _ message: String) throws {
        let faults = #expect(throws: PolicyFaults.self) { try Self.policy(terms) }
        #expect(
            faults?.faults.contains { $0.message.contains(message) && $0.rule == "bound" } == true, "\(faults as Any)")
    }

    private static func policy(_ terms: String, _ policies: String = policies) throws -> PolicySet {
        let rule = """
            {"name": "bound", "issuer": "vela", "condition": {"StringEquals": {"repo_org": "octo-org"}},
             "roles": ["arn:aws:iam::123456123456:role/test"], "session_policy": \(terms)}
            """
        let source = try PolicySource(
            """
            {"version": 1, "issuers": \(PolicySet.twoIssuers), "session_policies": \(policies), "rules": [\(rule)]}
            """)
        return try PolicyCompiler.compile([source], at: .loading)
    }

    /// Which documents the text is put together of.
    private static func names(of text: String?) throws -> String {
        guard let text else { return "-" }
        var known = [(name: "inline", try SessionPolicyDocument(parsing: inlineText).statements)]
        for member in try #require(try JSONValue(parsing: policies).object).members {
            known.append((member.name, try SessionPolicyDocument(member.value).statements))
        }
        known.append(("all", [.allowAll]))
        let pieces = known.map { ($0.name, SessionPolicyDocument(statements: $0.1).minified) }
        return try SessionPolicyDocument(parsing: text).statements.map { statement in
            let piece = SessionPolicyDocument(statements: [statement]).minified
            return try #require(pieces.first { $0.1 == piece }?.0, "\(piece)")
        }.joined(separator: "+")
    }
}
