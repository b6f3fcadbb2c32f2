import ExchangeCore
import StrictJSON

/// The findings of the trust policies of one document, as the command prints them.
struct TrustLintReport: Sendable {
    /// A finding, and the role that it is of.
    struct Entry: Sendable {
        let role: RoleARN?
        let finding: TrustFinding
    }

    /// Without those of a kind that the operator accepts.
    let findings: [Entry]
    private let acceptedCount: Int
    private let roleCount: Int
    private let passedOverCount: Int
    private let file: String

    /// Of a list of roles, those that take no web identity are passed over: a service's own role is none of ours.
    init(
        _ roles: [RoleTrust], of file: String, expecting expectations: TrustExpectations,
        accepting kinds: Set<TrustFindingKind>
    ) {
        let asked = roles.count == 1 ? roles : roles.filter(\.policy.takesWebIdentities)
        let all = asked.flatMap { role in
            role.lint(expecting: expectations).map { Entry(role: role.role, finding: $0) }
        }
        findings = all.filter { !kinds.contains($0.finding.kind) }
        acceptedCount = all.count - findings.count
        roleCount = asked.count
        passedOverCount = roles.count - asked.count
        self.file = file
    }

    /// A line each, and one that counts them.
    var text: String {
        let lines = findings.map { entry in
            "\(file): " + (entry.role.map { "\($0): " } ?? "") + entry.finding.description
        }
        let accepted = acceptedCount > 0 ? ", \(acceptedCount) accepted" : ""
        let others = passedOverCount > 0 ? ", \(passedOverCount) roles without web identities passed over" : ""
        let summary =
            "\(file): \(roleCount) trust \(roleCount == 1 ? "policy" : "policies"), \(findings.count) findings"
        return (lines + [summary + accepted + others]).joined(separator: "\n")
    }

    /// `{"file":..,"roles":1,"passed_over":0,"accepted":0,"findings":[{"kind":..,"role":..,"statement":1,"sid":..,"message":..,
    /// "remedy":..}]}`; `role`, `statement` and `sid` are missing where there is none.
    var json: String {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("file", file)
        writer.member("roles", roleCount)
        writer.member("passed_over", passedOverCount)
        writer.member("accepted", acceptedCount)
        writer.name("findings")
        writer.beginArray()
        for entry in findings { Self.write(entry, into: &writer) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func write(_ entry: Entry, into writer: inout JSONWriter<[UInt8]>) {
        writer.beginObject()
        writer.member("kind", entry.finding.kind.rawValue)
        writer.member("role", entry.role?.description)
        writer.member("statement", entry.finding.statement)
        writer.member("sid", entry.finding.sid)
        writer.member("message", entry.finding.message)
        writer.member("remedy", entry.finding.remedy)
        writer.endObject()
    }
}
