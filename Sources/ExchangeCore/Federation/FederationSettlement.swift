import StrictJSON

/// What only the whole policy says of its rules' federation: whose tokens carry which audience, and what tells issuers apart.
struct FederationSettlement {
    private let issuers: [Issuer]
    private let places: [String: RulePlace]
    private let log: FaultLog
    /// The modes of the allow rules, by the issuer's name.
    private let modes: [String: Set<FederationMode>]

    init(of rules: [PolicyRule], issuers: [Issuer], places: [String: RulePlace], log: FaultLog) {
        self.issuers = issuers
        self.places = places
        self.log = log
        modes = rules.compactMap(\.allow).reduce(into: [:]) { $0[$1.issuer, default: []].insert($1.federation.mode) }
    }

    /// The rules with what they lacked; whatever is wrong is reported.
    func settled(_ rules: [PolicyRule]) -> [PolicyRule] {
        for issuer in issuers { checkAudiences(of: issuer) }
        return rules.map { rule in
            guard case .allow(var allow) = rule, let issuer = issuers.first(where: { $0.name == allow.issuer }) else {
                return rule
            }
            allow.audiences = audiences(for: allow.federation.mode, of: issuer)
            checkCondition(of: allow)
            allow.federation = settled(allow)
            return .allow(allow)
        }
    }

    /// The audiences of `issuer` with which a rule in `mode` can be met; nil where any of them will do.
    ///
    /// AWS must never take a token that the gateway takes in issuer mode, or a step could carry the same token past the gateway.
    private func audiences(for mode: FederationMode, of issuer: Issuer) -> [String]? {
        guard modes[issuer.name]?.contains(.issuer) == true else { return nil }
        return issuer.audiences.filter { $0.isAudienceOfAWS == (mode == .forward) }
    }

    private func checkAudiences(of issuer: Issuer) {
        guard let modes = modes[issuer.name], modes.contains(.issuer) else { return }
        let ofAWS = issuer.audiences.filter(\.isAudienceOfAWS)
        if ofAWS.count == issuer.audiences.count {
            report(
                issuer,
                "its audiences are AWS's, and rules in issuer mode need one of the gateway's own; add one such as "
                    + "vela-aws-gateway, and set it as the parameter audience of the client")
        }
        switch (modes.contains(.forward), ofAWS.first) {
        case (false, let audience?):
            report(
                issuer,
                "its audiences hold \(audience), but no rule forwards its tokens any more; remove it, so that no token "
                    + "that the gateway takes is also one for AWS")
        case (true, nil):
            report(
                issuer,
                "it has rules of both modes, and those that forward take only tokens for AWS; add sts.amazonaws.com to "
                    + "its audiences, and as a client id to its provider in IAM")
        case (true, _?), (false, nil): break
        }
    }

    /// A condition on `aud` that was left as it was when the rule changed its mode would refuse every step without a word on why.
    private func checkCondition(of rule: AllowRule) {
        guard let audiences = rule.audiences, !audiences.isEmpty else { return }
        let tests = rule.condition.tests.filter { $0.path.description == "aud" }
        let isMet = audiences.contains { audience in
            tests.allSatisfy { $0.verdict(.string(audience)).counts(in: .allow) }
        }
        guard !isMet else { return }
        report(
            rule,
            "its condition on aud is met by no token that a rule in mode \(rule.federation.mode.rawValue) takes, which are "
                + "those for \(audiences.shownAsList); correct it")
    }

    private func settled(_ rule: AllowRule) -> FederationTerms {
        guard case .issuer(var templates) = rule.federation else { return rule.federation }
        let isOneOfSeveral = modes.count { $0.value.contains(.issuer) } > 1
        guard let subject = templates.subject else {
            templates.subject = isOneOfSeveral ? .issuerAndSubject(of: rule.issuer) : .subject
            return .issuer(templates)
        }
        // A name of ours holds no colon, so what stands before the first one is the issuer, whatever the claims are.
        if isOneOfSeveral, !subject.filledFront.hasPrefix(rule.issuer + ":") {
            report(
                rule,
                "subject \(subject.text.quoted) does not begin with {issuer}:, and the policy has rules in issuer mode for "
                    + "several issuers, whose tokens AWS could not tell apart; write \"{issuer}:{sub}\"")
        }
        return .issuer(templates)
    }

    private func report(_ issuer: Issuer, _ message: String) {
        guard let place = places[issuer.name] else { return }
        log.add(PolicyFault(file: place.file, at: place.position, "issuer \(issuer.name): \(message)"))
    }

    private func report(_ rule: AllowRule, _ message: String) {
        log.add(PolicyFault(file: rule.place.file, at: rule.place.position, rule: rule.name, message))
    }
}

extension ClaimTemplate {
    /// The caller's own `sub`, so that the values of a trust policy's conditions stay as they were.
    fileprivate static var subject: ClaimTemplate? {
        ClaimPath(parsing: "sub").map { ClaimTemplate(text: "{sub}", parts: [.claim($0, isDigits: false)]) }
    }

    fileprivate static func issuerAndSubject(of issuer: String) -> ClaimTemplate? {
        subject.map { ClaimTemplate(text: "{issuer}:{sub}", parts: [.literal(issuer + ":")] + $0.parts) }
    }

    /// The literal text before the first claim.
    fileprivate var filledFront: String {
        parts.prefix { if case .literal = $0 { true } else { false } }
            .map { if case .literal(let text) = $0 { text } else { "" } }.joined()
    }
}

extension String {
    /// Whether it names AWS as the one who shall take a token: `sts.amazonaws.com` and its likes in other partitions.
    var isAudienceOfAWS: Bool { lowercased().contains("amazonaws.") }
}
