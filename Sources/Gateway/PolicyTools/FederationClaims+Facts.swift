import ExchangeCore

extension FederationClaims {
    /// One thing that a token of the gateway's own would say.
    struct Fact: Sendable {
        let name: String
        let value: String
    }

    /// For people who ask what would be minted. Times, `jti` and signature are each token's own and are made with it only.
    var facts: [Fact] {
        var facts = [Fact(name: "sub", value: subject), Fact(name: "aud", value: audience)]
        facts += tags.map { Fact(name: "tag \($0.key)" + ($0.isTransitive ? " (transitive)" : ""), value: $0.value) }
        if let sourceIdentity { facts.append(Fact(name: "source identity", value: sourceIdentity)) }
        if let pinnedRole { facts.append(Fact(name: "roles", value: pinnedRole.description)) }
        return facts
    }
}

extension FederationMode {
    /// Which token AWS is shown.
    var shownToken: String {
        switch self {
        case .forward: "the step's own token"
        case .issuer: "a token of the gateway's own"
        }
    }
}
