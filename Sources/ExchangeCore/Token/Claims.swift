package import StrictJSON

/// The claims of a token, normalised: for Vela, one form whatever the server's version (design section 5).
package struct Claims: Sendable, Equatable {
    /// The claims that are there, derived ones included (`repo_org`, `repo_name`).
    package let members: JSONObject
    /// The names of claims that the issuer did not send and whose absence may mean anything, such as `pull_fork`.
    package let unknown: Set<String>

    package init(members: JSONObject, unknown: Set<String> = []) {
        self.members = members
        self.unknown = unknown
    }

    /// The claim at `path`, `custom_properties.team` for a nested one.
    package subscript(path: ClaimPath) -> Claim {
        if unknown.contains(path.first) { return .unknown }
        guard var value = members[path.first] else { return .absent }
        for name in path.rest {
            guard let object = value.object else { return .unfit }
            guard let next = object[name] else { return .absent }
            value = next
        }
        return .present(value)
    }

    /// The text of the top-level claim `name`; nil when it is absent, unknown or no string.
    package func string(_ name: String) -> String? {
        unknown.contains(name) ? nil : members[name]?.string
    }
}

/// One claim as a condition sees it.
package enum Claim: Sendable, Equatable {
    case present(JSONValue)
    /// The token has no such claim, and for this issuer that says that there is none.
    case absent
    /// The token has no such claim, and that says nothing.
    case unknown
    /// The path leads through a value that is no object.
    case unfit
}

/// The name of a claim, dotted for a nested one.
package struct ClaimPath: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    package let first: String
    package let rest: [String]

    /// Nil when a part is empty.
    package init?(parsing text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        description = text
        self.first = first
        rest = Array(parts.dropFirst())
    }
}
