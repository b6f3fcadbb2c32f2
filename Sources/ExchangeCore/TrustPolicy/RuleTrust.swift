package import StrictJSON

/// The trust policy for the roles of one rule.
package struct RuleTrust: Sendable {
    package let document: JSONValue
    /// Whose tokens it takes.
    package let mode: FederationMode
    /// What the tokens that it takes may carry.
    package let extras: MintedExtras
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
        let mode = terms.mode ?? rule.federation.mode
        if mode == .issuer, terms.gateway == nil {
            throw RuleTrustFault("AWS trusts the gateway's own issuer in issuer mode; name it by --gateway-issuer URL")
        }
        let others = rules.compactMap(\.allow).filter { $0.name != rule.name && $0.roles.overlaps(rule.roles) }
        return try TrustWriter(
            rule: rule, issuer: issuer, mode: mode, isOneOfSeveral: issuers.count > 1, others: others.map(\.name),
            terms: terms
        ).trust()
    }
}

/// Writes the trust policy of one rule.
struct TrustWriter {
    let rule: AllowRule
    let issuer: Issuer
    let mode: FederationMode
    /// Then the gateway's own `sub` begins with the issuer's name, unless the rule says it.
    let isOneOfSeveral: Bool
    /// The names of other allow rules that may give the same roles.
    let others: [String]
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
        return RuleTrust(document: document, mode: mode, extras: extras, notes: notes(on: document, of: home))
    }

    private var url: String { mode == .forward ? issuer.url : terms.gateway ?? issuer.url }

    private var actions: [String] {
        var actions: [TrustAction] = [.assumeRoleWithWebIdentity]
        if mode == .issuer, extras.holdsTags { actions.append(.tagSession) }
        if mode == .issuer, extras.holdsSourceIdentity { actions.append(.setSourceIdentity) }
        return actions.map(\.rawValue)
    }

    private var extras: MintedExtras {
        let ofRule = rule.federation.templates.map(MintedExtras.init) ?? MintedExtras()
        return MintedExtras(
            holdsTags: ofRule.holdsTags && terms.extras.holdsTags,
            holdsSourceIdentity: ofRule.holdsSourceIdentity && terms.extras.holdsSourceIdentity)
    }

    private func audiences() throws(RuleTrustFault) -> [String] {
        if let audience = terms.audience { return [audience] }
        guard mode == .forward else { return [rule.federation.templates?.audience ?? "sts.amazonaws.com"] }
        let wanted = tokens.wanted(of: "aud")
        let ofRule = rule.federation.mode == .forward ? rule.audiences : nil
        let audiences = (ofRule ?? issuer.audiences).filter { audience in
            wanted?.contains { $0.covers(ValuePattern(literal: audience)) } ?? true
        }
        guard !audiences.isEmpty else {
            throw RuleTrustFault("the rule takes none of its issuer's audiences; name the one by --audience")
        }
        return audiences
    }

    private func subjects() throws(RuleTrustFault) -> [String] {
        guard terms.subjects.isEmpty else { return terms.subjects }
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
        return mode == .forward ? patterns.map(\.asStringLike) : try minted(patterns)
    }

    /// What the gateway makes of Vela's `sub`, by the rule's template.
    private func minted(_ patterns: [ValuePattern]) throws(RuleTrustFault) -> [String] {
        guard let template = rule.federation.templates?.subject else {
            return patterns.map { (isOneOfSeveral ? "\(issuer.name):" : "") + $0.asStringLike }
        }
        guard template.claims.map(\.description) == ["sub"] else {
            throw RuleTrustFault(
                "the rule's subject \(template.text.quoted) is made of other claims than sub; name patterns of what it makes "
                    + "by --subject")
        }
        return patterns.map { pattern in
            template.parts.map { part in
                switch part {
                case .literal(let text): ValuePattern(literal: text).asStringLike
                case .claim: pattern.asStringLike
                }
            }.joined()
        }
    }
}

extension MintedExtras {
    init(_ templates: FederationTemplates) {
        self.init(holdsTags: !templates.tags.isEmpty, holdsSourceIdentity: templates.sourceIdentity != nil)
    }
}

extension PolicySet {
    /// What the gateway's tokens for `role` may carry by the rules in issuer mode; nil role stands for any. All where no rule is in
    /// issuer mode.
    package func mintedExtras(for role: RoleARN?) -> MintedExtras {
        let asked = role.map { RoleSet(exact: [$0], patterns: []) }
        let rules = rules.compactMap(\.allow).filter { rule in
            rule.federation.mode == .issuer && asked.map { rule.roles.overlaps($0) } ?? true
        }
        let extras = rules.compactMap(\.federation.templates).map(MintedExtras.init)
        guard !extras.isEmpty else { return MintedExtras() }
        return MintedExtras(
            holdsTags: extras.contains(where: \.holdsTags),
            holdsSourceIdentity: extras.contains(where: \.holdsSourceIdentity))
    }
}
