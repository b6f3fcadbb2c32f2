import StrictJSON

/// An emergency document, compiled: what is refused whatever the policy says. It can only take away, and nothing of the policy is
/// needed to read it, so that it binds although the policy is faulty.
package struct EmergencyDeny: Sendable {
    /// Lower-case hexadecimal SHA-256 of the document.
    package let digest: String
    /// `deny: all`: nobody gets anything.
    package let deniesAll: Bool
    /// In the order of the document.
    let rules: [DenyRule]

    /// The name that stands for `deny: all` in log and audit; no rule may have it.
    package static let all = "all"

    /// What binds, by name: `all`, or the rules. Empty for a document that denies nothing.
    package var ruleNames: [String] { deniesAll ? [Self.all] : rules.map(\.name) }

    /// The name of the first rule that refuses `request` with `token`; nil when none does.
    ///
    /// A region that neither the rule nor the request leaves open counts as meant: before the policy decides nobody knows which it
    /// would be. So does every claim that cannot be read, as in a deny of the policy.
    package func ruleDenying(_ token: VerifiedToken, asking request: ExchangeRequest) -> String? {
        ruleDenying(token.claims, of: token.issuer, at: token.issuerURL, asking: request)
    }

    /// The same for claims that nobody has verified: to explain a decision.
    package func ruleDenying(
        _ claims: Claims, of issuer: String, at issuerURL: String, asking request: ExchangeRequest
    ) -> String? {
        if deniesAll { return Self.all }
        return rules.first { rule in
            let isOfIssuer = rule.issuer.map { $0.hasSameBytes(as: issuer) || $0.hasSameBytes(as: issuerURL) } ?? true
            return isOfIssuer && rule.binds(claims, asking: request.role, in: request.region)
        }?.name
    }
}

extension EmergencyDeny {
    /// What in it can bind nobody under `policy`: an issuer that the policy does not have, a claim that Vela does not send. The document
    /// holds all the same; a person should look, for a misspelt name stops nothing.
    package func doubts(under policy: PolicySet) -> [String] {
        rules.flatMap { rule -> [String] in
            let issuers = policy.issuers.filter { issuer in
                rule.issuer.map { $0.hasSameBytes(as: issuer.name) || $0.hasSameBytes(as: issuer.url) } ?? true
            }
            if let name = rule.issuer, issuers.isEmpty {
                return ["rule \(rule.name) binds nobody: the policy has no issuer \(name.quoted)"]
            }
            guard issuers.allSatisfy({ $0.kind == .vela }) else { return [] }
            return rule.condition.tests.filter { VelaClaimTypes.type(of: $0.path) == nil }.map {
                "rule \(rule.name) may bind nobody: Vela sends no claim \($0.path.description.quoted)"
            }
        }
    }
}
