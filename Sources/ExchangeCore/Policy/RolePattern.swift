import StrictJSON

/// An entry of a rule's `roles` that names more than one role: `*`, `?` and `{claim}` behind `role/`.
///
/// Partition and account are always literal, so that no token can reach into another account.
struct RolePattern: Sendable, Hashable, CustomStringConvertible {
    /// As written in the file.
    let description: String
    private let partition: Partition
    private let account: String
    private let parts: [Part]

    private enum Part: Sendable, Hashable {
        /// May hold wildcards.
        case text(String)
        case claim(ClaimPath)
    }

    /// Nil for a text that is no pattern of one account's roles.
    init?(parsing text: String) {
        let segments = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let mark = "role/"
        guard segments.count == 6, segments[5].hasPrefix(mark), text.utf8.count <= 2048 else { return nil }
        // What stands before the role's name must be what stands there in an ARN.
        guard let sample = RoleARN(parsing: segments[..<5].joined(separator: ":") + ":role/sample") else { return nil }
        guard let parts = Self.parts(of: segments[5].dropFirst(mark.count)), !parts.isEmpty else { return nil }
        description = text
        partition = sample.partition
        account = sample.account
        self.parts = parts
    }

    /// Whether it holds `*` or `?`: it then names roles that need not exist yet.
    var hasWildcards: Bool {
        parts.contains { if case .text(let text) = $0 { text.utf8.contains { "*?".utf8.contains($0) } } else { false } }
    }

    /// The claims that it is filled with.
    var claims: [ClaimPath] { parts.compactMap { if case .claim(let path) = $0 { path } else { nil } } }

    var rolesPartition: Partition { partition }
    var rolesAccount: String { account }

    /// The ARN with `*` in place of each claim: every role that it can ever name is like it.
    var widest: String {
        let name = parts.map { part in
            switch part {
            case .text(let text): text
            case .claim: "*"
            }
        }
        return "arn:\(partition.rawValue):iam::\(account):role/" + name.joined()
    }

    /// Whether `role` is among those that it names to a token with `claims`. False when a claim does not fill it: nothing is
    /// repaired in the name of a role.
    func names(_ role: RoleARN, for claims: Claims) -> Bool {
        guard role.partition == partition, role.account == account, let filled = filled(with: claims) else {
            return false
        }
        let front = "arn:\(partition.rawValue):iam::\(account):role/"
        return Wildcard(filled).matches(Array(role.description.utf8.dropFirst(front.utf8.count)))
    }

    private func filled(with claims: Claims) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .claim(let path):
                guard case .present(.string(let value)) = claims[path], Self.isFit(value) else { return nil }
                text += value
            }
        }
        return text
    }

    /// `[A-Za-z0-9_+.@-]+`: no slash and no wildcard, so that a value stays where the rule has put it.
    private static func isFit(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.allSatisfy { $0.isRoleCharacter && !"=,".utf8.contains($0) }
    }

    private static func parts(of text: Substring) -> [Part]? {
        var parts: [Part] = []
        var rest = text
        while let first = rest.first {
            if first == "{" {
                guard let end = rest.firstIndex(of: "}"),
                    let path = ClaimPath(parsing: String(rest[..<end].dropFirst()))
                else { return nil }
                parts.append(.claim(path))
                rest = rest[end...].dropFirst()
            } else {
                let literal = rest.prefix { $0 != "{" }
                guard literal.utf8.allSatisfy({ $0.isRoleCharacter || "/*?".utf8.contains($0) }) else { return nil }
                parts.append(.text(String(literal)))
                rest = rest[literal.endIndex...]
            }
        }
        return parts
    }
}

/// The roles of a rule.
struct RoleSet: Sendable, Equatable {
    let exact: Set<RoleARN>
    let patterns: [RolePattern]

    func contains(_ role: RoleARN, for claims: Claims) -> Bool {
        exact.contains(role) || patterns.contains { $0.names(role, for: claims) }
    }
}
