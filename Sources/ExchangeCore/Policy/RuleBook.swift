/// The rules for the tokens of one issuer, in the order of the files.
struct RuleBook: Sendable {
    private(set) var allows: [AllowRule] = []
    /// Those for every issuer included.
    private(set) var denies: [DenyRule] = []

    init() {}

    init(of issuer: String, in rules: [PolicyRule]) {
        for rule in rules {
            switch rule {
            case .allow(let rule) where rule.issuer == issuer: allows.append(rule)
            case .deny(let rule) where rule.issuer == nil || rule.issuer == issuer: denies.append(rule)
            case .allow, .deny: continue
            }
        }
    }

    /// The terms of the first allow rule whose condition and request both fit, unless a deny binds.
    ///
    /// The allows are read first, because the region that a deny looks at may come from the rule.
    func terms(for claims: Claims, asking request: ExchangeRequest) throws(Refusal) -> Terms {
        let offer = offer(for: claims, asking: request)
        let region = request.region ?? offer.terms?.region
        if let deny = denies.first(where: { $0.binds(claims, asking: request.role, in: region) }) {
            throw .policyDenied(rule: deny.name, cause: "denied by this rule")
        }
        switch offer {
        case .terms(let terms): return terms
        case .misfit(let misfit): throw misfit.refusal
        case .noMatch(let failures):
            throw .policyDenied(rule: nil, cause: Self.cause(of: failures, among: allows.count))
        }
    }

    /// What the allow rules say.
    private enum Offer {
        case terms(Terms)
        case misfit(Misfit)
        /// No condition held. The first few reasons.
        case noMatch([String])

        var terms: Terms? { if case .terms(let terms) = self { terms } else { nil } }
    }

    private func offer(for claims: Claims, asking request: ExchangeRequest) -> Offer {
        var furthest: Misfit?
        var failures: [String] = []
        for rule in allows {
            if let failure = rule.condition.firstFailure(claims, effect: .allow) {
                if failures.count < Self.reasonsKept { failures.append("\(rule.name): \(failure.description)") }
                continue
            }
            do throws(Misfit) {
                return .terms(try rule.terms(for: request))
            } catch {
                if furthest.map({ $0.stage < error.stage }) ?? true { furthest = error }
            }
        }
        return furthest.map(Offer.misfit) ?? .noMatch(failures)
    }

    private static func cause(of failures: [String], among count: Int) -> String {
        guard !failures.isEmpty else { return "no allow rule for this issuer" }
        let more = count > failures.count ? "; and \(count - failures.count) more" : ""
        return "no allow rule's condition is met: " + failures.joined(separator: "; ") + more
    }

    /// Enough to see a wrong claim in the log; `explain` shows all.
    private static let reasonsKept = 3
}
