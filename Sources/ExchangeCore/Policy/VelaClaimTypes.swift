/// The claims of a Vela token as the verifier hands them on, with their types (Vela server v0.28).
///
/// A rule for Vela that names another one is refused at load: it would never be met, or in a deny never bind.
enum VelaClaimTypes {
    private static let types: [String: ClaimType] = [
        "iss": .text, "sub": .text, "aud": .text, "jti": .text, "token_type": .text, "iat": .number, "exp": .number,
        "repo": .text, "repo_org": .text, "repo_name": .text, "build_number": .digits, "build_id": .digits,
        "actor": .text, "actor_scm_id": .digits, "branch": .text, "ref": .text, "sha": .text, "event": .text,
        "image": .text, "image_name": .text, "image_tag": .text, "request": .text,
        "commands": .boolean, "pull_fork": .boolean, "custom_properties": .object,
    ]

    /// The type of the claim at `path`; nil for one that Vela does not send.
    static func type(of path: ClaimPath) -> ClaimType? {
        guard let type = types[path.first] else { return nil }
        switch (type, path.rest.isEmpty) {
        case (.object, false): return .any
        case (_, true): return type
        case (_, false): return nil
        }
    }

    /// What may be named, for faults.
    static let list = types.keys.sorted().joined(separator: ", ")
}

extension ClaimType {
    /// Whether an operator of type `other` can ever read a claim of this type. Vela's booleans come as the texts `true`
    /// and `false`, so a text operator reads them too.
    func isReadable(as other: ClaimType) -> Bool {
        switch (self, other) {
        case (_, .any), (.any, _), (.text, .text), (.digits, .text), (.digits, .number), (.boolean, .boolean),
            (.boolean, .text), (.number, .number), (.number, .moment):
            true
        case (.text, _), (.digits, _), (.boolean, _), (.number, _), (.moment, _), (.object, _): false
        }
    }
}
