/// What the verifier takes care of in the tokens that a rule meets, so that lint can reason about them.
struct ClaimGuarantees: Sendable {
    let isVela: Bool

    init(of issuer: Issuer) { isVela = issuer.kind == .vela }

    /// For a deny of all issuers: what holds for each of them.
    init(ofAll issuers: [Issuer]) { isVela = issuers.allSatisfy { $0.kind == .vela } }

    private static let ofEveryIssuer: Set<String> = ["iss", "sub", "aud", "iat", "exp"]
    private static let ofVela = ofEveryIssuer.union([
        "token_type", "repo", "repo_org", "repo_name", "build_number", "ref", "event", "image", "commands",
    ])

    /// Whether every token has the claim, with a value of its type.
    func isAssured(_ path: ClaimPath) -> Bool {
        path.rest.isEmpty && (isVela ? Self.ofVela : Self.ofEveryIssuer).contains(path.first)
    }

    /// Whether absence can meet a test of it. An unknown `pull_fork` meets none in an allow, so it cannot.
    func mayBeAbsent(_ path: ClaimPath) -> Bool { !isAssured(path) && !(isVela && path.description == "pull_fork") }

    /// Whether the claim has one value, no list. Of Vela's, only what a repository's owner wrote may have several.
    func isSingle(_ path: ClaimPath) -> Bool { isVela ? path.first != "custom_properties" : isAssured(path) }

    /// Whether the claim is the text `true` or `false`, so that Bool and the text operators say the same.
    func isNormalisedBoolean(_ path: ClaimPath) -> Bool {
        isVela && ["commands", "pull_fork"].contains(path.description)
    }
}
