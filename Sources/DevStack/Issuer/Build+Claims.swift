package import StrictJSON

// The claims of an ID token, each version's with its own types and gaps.
extension Build {
    /// The claims of an ID token for `audience`, issued at `moment`.
    package func idTokenClaims(issuer: String, audience: [String], at moment: Timestamp) -> JSONValue {
        var claims = JSONObject()
        claims["actor"] = .string(actor)
        claims["actor_scm_id"] = .string(actorSCMID)
        claims["aud"] = .array(audience.map { .string($0) })
        claims["branch"] = .string(branch)
        claims["build_id"] = numeric(id)
        claims["build_number"] = numeric(number)
        claims["commands"] = flag(commands)
        claims["custom_properties"] = serverVersion.knowsCustomProperties ? .object(customProperties) : nil
        claims["event"] = .string(eventClaim)
        claims["exp"] = .number(JSONNumber((moment + tokenLifetime).seconds))
        claims["iat"] = .number(JSONNumber(moment.seconds))
        claims["image"] = .string(image)
        claims["image_name"] = .string(imageParts.first.map(String.init) ?? "")
        claims["image_tag"] = imageParts.dropFirst().first.map { .string(String($0)) }
        claims["iss"] = .string(issuer)
        claims["jti"] = serverVersion.writesTokenID ? .string(UUIDText.version7(at: moment)) : nil
        claims["pull_fork"] = serverVersion.knowsPullFork ? flag(pullFork) : nil
        claims["ref"] = .string(ref)
        claims["repo"] = .string(slug)
        claims["request"] = .string(request)
        claims["sha"] = .string(sha)
        claims["sub"] = .string(subject)
        claims["token_type"] = .string("ID")
        override(&claims)
        return .object(claims)
    }

    /// `repo:<org>/<repo>:ref:<ref>:event:<event>`, the event without its action.
    package var subject: String {
        "repo:\(slug):ref:\(ref):event:\(event.split(separator: ":").first.map(String.init) ?? event)"
    }

    private var eventClaim: String {
        serverVersion.writesTrailingColon && !event.utf8.contains(UInt8(ascii: ":")) ? "\(event):" : event
    }

    /// Vela cuts at every colon, so that `registry:5000/x` has the name `registry`.
    private var imageParts: [Substring] { image.split(separator: ":", omittingEmptySubsequences: false) }

    private func numeric(_ value: Int64) -> JSONValue {
        serverVersion.writesText ? .string(String(value)) : .number(JSONNumber(value))
    }

    /// Text in newer versions; in older ones a boolean that is absent when false.
    private func flag(_ value: Bool) -> JSONValue? {
        if serverVersion.writesText { return .string(value ? "true" : "false") }
        return value ? .bool(true) : nil
    }

    private func override(_ claims: inout JSONObject) {
        for member in self.claims.members {
            claims[member.name] = member.value == .null ? nil : member.value
        }
    }
}
