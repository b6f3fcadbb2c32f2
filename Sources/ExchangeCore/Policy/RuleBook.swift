import StrictJSON

/// The rules for the tokens of one issuer, in the order of the files.
struct RuleBook: Sendable {
    let allows: [AllowRule]
    /// Those for every issuer included.
    let denies: [DenyRule]
    private let allowIndex: RuleIndex
    private let denyIndex: RuleIndex
    /// The allow rules that were ever to be observed: few, and met without their condition.
    private let observed: [AllowRule]

    init(of issuer: String, in rules: [PolicyRule]) {
        allows = rules.compactMap(\.allow).filter { $0.issuer == issuer }
        denies = rules.compactMap(\.deny).filter { $0.issuer == nil || $0.issuer == issuer }
        allowIndex = RuleIndex(of: allows.map(\.condition))
        denyIndex = RuleIndex(of: denies.map(\.condition))
        observed = allows.filter { $0.observedUntil != nil }
    }

    /// The terms of the first allow rule whose condition and request both fit, unless a deny binds.
    ///
    /// The allows are read first, because the region that a deny looks at may come from the rule.
    func terms(for claims: Claims, asking request: ExchangeRequest, at now: Timestamp) throws(Refusal) -> Terms {
        let offer = offer(for: claims, asking: request, at: now)
        let binding = bindingDenies(claims, asking: request.role, in: request.region ?? offer.terms?.region)
        if let deny = binding.first(where: { !$0.isObserved(at: now) }) {
            throw .policyDenied(rule: deny.name, cause: "denied by this rule")
        }
        switch offer {
        case .terms(var terms):
            terms.observations += binding.map {
                Observation(rule: $0.name, effect: .deny, detail: "would have denied")
            }
            return terms
        case .misfit(let misfit): throw misfit.refusal
        case .noMatch: throw .policyDenied(rule: nil, cause: cause(for: claims))
        }
    }

    /// The names of the allow rules whose condition holds.
    func rulesMet(by claims: Claims) -> [String] {
        candidates(for: claims).filter { $0.condition.firstFailure(claims, effect: .allow) == nil }.map(\.name)
    }

    private func bindingDenies(_ claims: Claims, asking role: RoleARN, in region: Region?) -> [DenyRule] {
        denyIndex.candidates(for: claims, effect: .deny).map { denies[$0] }
            .filter { $0.binds(claims, asking: role, in: region) }
    }

    /// What the allow rules say.
    private enum Offer {
        case terms(Terms)
        case misfit(Misfit)
        /// No condition held.
        case noMatch

        var terms: Terms? { if case .terms(let terms) = self { terms } else { nil } }
    }

    private func offer(for claims: Claims, asking request: ExchangeRequest, at now: Timestamp) -> Offer {
        var furthest: Misfit?
        for rule in candidates(for: claims) where rule.condition.firstFailure(claims, effect: .allow) == nil {
            do throws(Misfit) {
                return .terms(try rule.terms(for: request, claims: claims))
            } catch {
                if furthest.map({ $0.stage < error.stage }) ?? true { furthest = error }
            }
        }
        if let terms = observedTerms(for: claims, asking: request, at: now) { return .terms(terms) }
        return furthest.map(Offer.misfit) ?? .noMatch
    }

    /// The terms of the first rule under observation that fits but for its condition. Only asked when no rule in force fits, so
    /// that what is granted by a rule is never called observed.
    private func observedTerms(for claims: Claims, asking request: ExchangeRequest, at now: Timestamp) -> Terms? {
        for rule in observed where rule.isObserved(at: now) {
            // A misfit here is no news: the rule does not hold for this token anyway.
            guard let failure = rule.condition.firstFailure(claims, effect: .allow),
                var terms = try? rule.terms(for: request, claims: claims)
            else { continue }
            terms.observations = [Observation(rule: rule.name, effect: .allow, detail: failure.description)]
            return terms
        }
        return nil
    }

    private func candidates(for claims: Claims) -> [AllowRule] {
        allowIndex.candidates(for: claims, effect: .allow).map { allows[$0] }
    }

    /// The first few reasons, of the rules that came close before those that did not.
    private func cause(for claims: Claims) -> String {
        guard !allows.isEmpty else { return "no allow rule for this issuer" }
        var reasons: [String] = []
        for rule in candidates(for: claims) + allows.prefix(Self.reasonsKept) where reasons.count < Self.reasonsKept {
            guard let failure = rule.condition.firstFailure(claims, effect: .allow) else { continue }
            let reason = "\(rule.name): \(failure.description)"
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        let more = allows.count > reasons.count ? "; and \(allows.count - reasons.count) more" : ""
        return "no allow rule's condition is met: " + reasons.joined(separator: "; ") + more
    }

    /// Enough to see a wrong claim in the log; `explain` shows all.
    private static let reasonsKept = 3
}
