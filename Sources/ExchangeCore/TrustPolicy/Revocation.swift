package import StrictJSON

/// Which sessions are to end.
package enum RevokedSessions: Sendable, Hashable {
    /// Those of a repository's builds, or of one build.
    case builds(of: Repository, number: String?)
    /// Those with this source identity, which stays through role chaining. `*` takes any text.
    case sourceIdentity(String)
    /// Those with this session name. `*` takes any text.
    case sessionName(String)
    /// Those with this tag.
    case tag(key: String, value: String)
    /// Every session of the role.
    case all
}

/// `org/name`, in the characters that a repository's name has.
package struct Repository: Sendable, Hashable, CustomStringConvertible {
    let organisation: String
    let name: String

    package var description: String { "\(organisation)/\(name)" }

    /// Nil for anything else: a wildcard would reach further than its reader thinks.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isFit = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0.isDigit || $0.isLetter || "-_.".utf8.contains($0) }
        }
        guard parts.count == 2, isFit else { return nil }
        organisation = parts[0]
        name = parts[1]
    }
}

/// An IAM policy that ends sessions, to be attached to their roles.
package struct Revocation: Sendable {
    /// Nil when no session can be told from others.
    package let document: JSONValue?
    /// The roles that it must be attached to, as the policy names them; empty when the policy was not asked.
    package let roles: [String]
    /// What whoever uses it should know. Sentences.
    package let notes: [String]
    /// What it does not reach. Sentences; empty when it ends all that was asked.
    package let gaps: [String]
}

extension Revocation {
    /// For sessions that say themselves who they are: no policy is needed. `.builds` is for `PolicySet.revocation`.
    package init(of sessions: RevokedSessions, issuedBefore moment: Timestamp) {
        let condition: StatementCondition? =
            switch sessions {
            case .builds, .all: nil
            case .sourceIdentity(let text): .ofSession("aws:SourceIdentity", [text])
            case .sessionName(let text): .ofSession("aws:userid", ["*:" + text])
            case .tag(let key, let value): .ofSession("aws:PrincipalTag/\(key)", [value])
            }
        let statement = JSONObject(denyingSessionsBefore: moment, sid: "RevokeSessions", [condition].compactMap { $0 })
        self.init(document: .policy([statement]), roles: [], notes: Self.notesOf(sessions), gaps: [])
    }

    private static func notesOf(_ sessions: RevokedSessions) -> [String] {
        switch sessions {
        case .sessionName:
            [
                "A session that took another role since has another name, and is not reached.",
                "Where the rule sets no session_name, the step chose it: others may have the same.",
            ]
        case .sourceIdentity:
            ["Roles that such a session took since have the same source identity: attach it to them too."]
        case .tag: ["Only a transitive tag is on the roles that such a session took since."]
        case .all:
            ["It ends every session of the role, whoever has it, as the console's \"Revoke active sessions\" does."]
        case .builds: []
        }
    }
}

extension StatementCondition {
    /// By StringLike where a wildcard stands, which no value of a session has.
    static func ofSession(_ key: String, _ values: [String]) -> StatementCondition {
        let hasWildcard = values.contains { $0.contains("*") }
        return StatementCondition(hasWildcard ? "StringLike" : "StringEquals", key, values)
    }
}

extension JSONObject {
    /// What AWS's own AWSRevokeOlderSessions says, for the sessions that meet `conditions`. Keys without a session have no
    /// aws:TokenIssueTime, and are not denied.
    init(denyingSessionsBefore moment: Timestamp, sid: String, _ conditions: [StatementCondition]) {
        let all = [StatementCondition("DateLessThan", "aws:TokenIssueTime", [moment.description])] + conditions
        self.init([
            .init("Sid", .string(sid)), .init("Effect", .string("Deny")), .init("Action", .string("*")),
            .init("Resource", .string("*")), .init("Condition", all.document),
        ])
    }
}
