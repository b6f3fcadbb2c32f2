import StrictJSON

extension Claims {
    /// The claims of a Vela ID token in the form of server v0.28, whatever the server's version: booleans and numbers
    /// as texts, `event` without a trailing colon, `repo_org` and `repo_name` derived from `repo`.
    ///
    /// Refuses a token that is no ID token or lacks what every server sends. `payload` is verified already.
    static func vela(_ payload: JSONObject, absentPullForkIsFalse: Bool) throws(Refusal) -> Claims {
        var members = payload
        try checkTokenType(payload["token_type"])
        for name in ["ref", "image"] { _ = try requiredText(name, in: payload) }
        try normaliseEvent(in: &members)
        try deriveRepository(&members)
        for name in ["build_number", "build_id", "actor_scm_id"] { try normaliseNumber(name, in: &members) }
        guard members["build_number"] != nil else { throw missing("build_number") }
        for name in ["commands", "pull_fork"] { try normaliseBoolean(name, in: &members) }
        if members["commands"] == nil { members["commands"] = .string("false") }
        if members["pull_fork"] != nil { return Claims(members: members) }
        guard absentPullForkIsFalse else { return Claims(members: members, unknown: ["pull_fork"]) }
        members["pull_fork"] = .string("false")
        return Claims(members: members)
    }

    /// An ID *request* token says `IDRequest`; other tokens of a Vela server carry other words.
    private static func checkTokenType(_ value: JSONValue?) throws(Refusal) {
        guard let type = value?.string, type.isByteEqual(to: "ID") else {
            throw .tokenType(seen: (value?.string ?? value?.kind ?? "").cut())
        }
    }

    private static func requiredText(_ name: String, in members: JSONObject) throws(Refusal) -> String {
        guard let text = members[name]?.string, !text.isEmpty else { throw missing(name) }
        return text
    }

    /// Servers before v0.27.2 write `push:` where there is no action.
    private static func normaliseEvent(in members: inout JSONObject) throws(Refusal) {
        let text = try requiredText("event", in: members)
        let colon = UInt8(ascii: ":")
        guard text.utf8.last == colon else { return }
        let event = text.utf8.dropLast()
        guard let last = event.last, last != colon else { throw missing("event") }
        members["event"] = .string(String(decoding: event, as: UTF8.self))
    }

    /// Splits `repo` at its only slash. Vela sends no `repo_org` and `repo_name` of its own; should it ever, they must
    /// agree.
    private static func deriveRepository(_ members: inout JSONObject) throws(Refusal) {
        let repository = try requiredText("repo", in: members)
        // By bytes: a combining mark after a slash would hide it from a split by characters.
        let bytes = repository.utf8
        let slash = UInt8(ascii: "/")
        guard let split = bytes.firstIndex(of: slash), split > bytes.startIndex,
            case let rest = bytes[bytes.index(after: split)...], !rest.isEmpty, !rest.contains(slash)
        else {
            throw .tokenClaims(cause: "repo is \(repository.cut()), org/name is expected")
        }
        let parts = (String(decoding: bytes[..<split], as: UTF8.self), String(decoding: rest, as: UTF8.self))
        for (name, part) in [("repo_org", parts.0), ("repo_name", parts.1)] {
            if let own = members[name], !(own.string ?? "").isByteEqual(to: part) {
                throw .tokenClaims(cause: "\(name) differs from repo")
            }
            members[name] = .string(part)
        }
    }

    /// Digits in any version: servers before v0.27 send numbers.
    private static func normaliseNumber(_ name: String, in members: inout JSONObject) throws(Refusal) {
        guard let value = members[name] else { return }
        let text = value.string ?? value.integer.map(String.init) ?? ""
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else {
            throw .tokenClaims(cause: "\(name) is no whole number")
        }
        if value.string == nil { members[name] = .string(text) }
    }

    /// `true` or `false` as text in any version: servers before v0.27 send booleans.
    private static func normaliseBoolean(_ name: String, in members: inout JSONObject) throws(Refusal) {
        guard let value = members[name] else { return }
        let text = value.string ?? value.bool.map { $0 ? "true" : "false" } ?? ""
        guard text.isByteEqual(to: "true") || text.isByteEqual(to: "false") else {
            throw .tokenClaims(cause: "\(name) is neither true nor false")
        }
        if value.string == nil { members[name] = .string(text) }
    }

    private static func missing(_ name: String) -> Refusal {
        .tokenClaims(cause: "\(name) is required, a text that is not empty")
    }
}
