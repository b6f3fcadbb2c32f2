package import StrictJSON

/// The claims of a Vela ID token as server v0.28 sends them, to be changed by a test.
package struct VelaClaims: Sendable {
    /// The usual issuer.
    package static let issuer = "https://vela.example.com/_services/token"

    package var members: JSONObject

    /// A push to main of octo-org/octo-repo, issued now for five minutes.
    package init(
        issuer: String = issuer, at now: Timestamp, repo: String = "octo-org/octo-repo",
        ref: String = "refs/heads/main",
        event: String = "push", audience: String = "sts.amazonaws.com"
    ) {
        members = [
            "iss": .string(issuer), "sub": .string("repo:\(repo):ref:\(ref):event:\(event.prefix { $0 != ":" })"),
            "aud": [.string(audience)], "iat": .number(JSONNumber(now.seconds)),
            "exp": .number(JSONNumber(now.seconds + 300)),
            "jti": "0197f0a0-0000-7000-8000-000000000001", "token_type": "ID", "repo": .string(repo),
            "build_number": "17", "build_id": "1017", "actor": "octocat", "actor_scm_id": "583231", "branch": "main",
            "ref": .string(ref), "sha": "5c6e3f0b6a3d1f1e8e9d2c7b4a59687766554433", "event": .string(event),
            "image": "registry.example.com/vela-aws-credentials:1.0.0",
            "image_name": "registry.example.com/vela-aws-credentials", "image_tag": "1.0.0", "request": "yes",
            "commands": "false", "pull_fork": "false", "custom_properties": ["team": "octo"],
        ]
    }

    /// A copy with `name` set to `value`, or removed when that is nil.
    package func with(_ name: String, _ value: JSONValue?) -> VelaClaims {
        var copy = self
        copy.members[name] = value
        return copy
    }
}
