package import StrictJSON

/// The trust policy for the roles of one rule.
package struct RuleTrust: Sendable {
    package let document: JSONValue
    /// What AWS does not check, and what else whoever sets it should know. Sentences.
    package let notes: [String]
}

/// Why no trust policy can be written for a rule: the reason and the remedy.
package struct RuleTrustFault: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

extension PolicySet {
    /// The right trust policy for the roles of the allow rule `name`: it takes the tokens of the one issuer, for the subjects that
    /// the rule's condition leaves, by the way that `terms` names.
    package func trustPolicy(forRule name: String, on terms: TrustTerms) throws(RuleTrustFault) -> RuleTrust {
        guard let rule = rules.lazy.compactMap(\.allow).first(where: { $0.name.hasSameBytes(as: name) }) else {
            let names = rules.compactMap(\.allow).map(\.name)
            throw RuleTrustFault(
                "the policy has no allow rule \(name.quoted); its allow rules are \(names.shownAsList)")
        }
        // The compiler has seen to it that a rule's issuer is there.
        guard let issuer = issuers.first(where: { $0.name.hasSameBytes(as: rule.issuer) }) else {
            throw RuleTrustFault("the rule's issuer \(rule.issuer.quoted) is not in the policy")
        }
        return try TrustWriter(rule: rule, issuer: issuer, hasSeveralIssuers: issuers.count > 1, terms: terms).trust()
    }
}

/// Writes the trust policy of one rule.
struct TrustWriter {
    let rule: AllowRule
    let issuer: Issuer
    /// Then the gateway's own `sub` begins with the issuer's name.
    let hasSeveralIssuers: Bool
    let terms: TrustTerms

    var tokens: TokenClass { TokenClass(rule.condition.tests, guarantees: ClaimGuarantees(of: issuer)) }

    func trust() throws(RuleTrustFault) -> RuleTrust {
        let home = try home()
        let address = TrustedIssuer(url: url, isVela: false).address
        let conditions =
            [
                StatementCondition("StringEquals", "\(address):aud", try audiences()),
                StatementCondition("StringLike", "\(address):sub", try subjects()),
            ] + terms.way.conditions
        let provider = "arn:\(home.partition.rawValue):iam::\(home.account):oidc-provider/\(address)"
        let statement = JSONObject([
            .init("Sid", .string(rule.name.asSid)), .init("Effect", .string("Allow")),
            .init("Principal", .object(JSONObject([.init("Federated", .string(provider))]))),
            .init("Action", .oneOrMore(actions)), .init("Condition", conditions.document),
        ])
        let document = JSONValue.policy([statement])
        return RuleTrust(document: document, notes: notes(on: document, of: home))
    }

    private var url: String {
        switch terms.mode {
        case .forward: issuer.url
        case .issuer(let url): url
        }
    }

    private var actions: [String] {
        var actions: [TrustAction] = [.assumeRoleWithWebIdentity]
        if terms.mode != .forward, terms.extras.holdsTags { actions.append(.tagSession) }
        if terms.mode != .forward, terms.extras.holdsSourceIdentity { actions.append(.setSourceIdentity) }
        return actions.map(\.rawValue)
    }

    private func audiences() throws(RuleTrustFault) -> [String] {
        if let audience = terms.audience { return [audience] }
        guard terms.mode == .forward else { return ["sts.amazonaws.com"] }
        let wanted = tokens.wanted(of: "aud")
        let audiences = issuer.audiences.filter { audience in
            wanted?.contains { $0.covers(ValuePattern(literal: audience)) } ?? true
        }
        guard !audiences.isEmpty else {
            throw RuleTrustFault("the rule takes none of its issuer's audiences; name the one by --audience")
        }
        return audiences
    }

    private func subjects() throws(RuleTrustFault) -> [String] {
        guard terms.subjects.isEmpty else { return terms.subjects }
        let front = terms.mode != .forward && hasSeveralIssuers ? "\(issuer.name):" : ""
        guard let patterns = RuleSubjects(of: tokens).patterns, !patterns.isEmpty else {
            throw RuleTrustFault(
                "the rule's condition says nothing of sub that AWS can test; name patterns by --subject")
        }
        let source: TokenSource = issuer.kind == .vela ? .vela : .issuer
        if let wide = patterns.map({ TrustSubject($0, of: source) }).first(where: {
            $0.hasOrganisationWildcard || $0.isOpen
        }) {
            throw RuleTrustFault(
                "by the rule's condition sub is like \(wide.pattern.description.quoted), which takes any organisation's "
                    + "repositories; name the repositories in the rule, or patterns of sub by --subject")
        }
        return patterns.map { front + $0.asStringLike }
    }
}
