package import StrictJSON

extension PolicySet {
    /// Explains what the policy says to a request with `claims` of the issuer named `issuer`. It grants nothing.
    ///
    /// It asks the rules the very questions that a decision asks, each of them and not only those that the index brings up.
    package func explanation(
        of claims: Claims, from issuer: String, asking request: ExchangeRequest, at now: Timestamp
    ) -> Explanation {
        let decision: Explanation.Decision
        do throws(Refusal) {
            decision = .allowed(try ruling(on: claims, from: issuer, asking: request, at: now))
        } catch {
            decision = .refused(error)
        }
        let question = Question(claims: claims, issuer: issuer, request: request, decision: decision, now: now)
        return Explanation(decision: decision, rules: rules.map(question.finding))
    }
}

/// What each rule is asked.
private struct Question {
    let claims: Claims
    let issuer: String
    let request: ExchangeRequest
    let decision: Explanation.Decision
    let now: Timestamp

    func finding(_ rule: PolicyRule) -> RuleFinding {
        switch rule {
        case .allow(let rule): report(rule.name, .allow, rule.place, finding(rule))
        case .deny(let rule): report(rule.name, .deny, rule.place, finding(rule))
        }
    }

    private func report(
        _ name: String, _ effect: Effect, _ place: RulePlace, _ finding: RuleFinding.Finding
    ) -> RuleFinding {
        RuleFinding(rule: name, effect: effect, file: place.file, line: place.position.line, finding: finding)
    }

    private func finding(_ rule: AllowRule) -> RuleFinding.Finding {
        guard rule.issuer == issuer else { return .otherIssuer(rule.issuer) }
        if let failure = rule.condition.firstFailure(claims, effect: .allow) {
            if let ruling, ruling.observations.contains(where: { $0.rule == rule.name && $0.effect == .allow }) {
                return .observed(failure.description)
            }
            return .conditionFailed(TestReport(failure, in: claims))
        }
        do throws(Misfit) {
            _ = try rule.terms(for: request, claims: claims)
            return ruling?.rule == rule.name ? .gives : .fits
        } catch {
            return .misfit(error.refusal)
        }
    }

    private func finding(_ rule: DenyRule) -> RuleFinding.Finding {
        if let own = rule.issuer, own != issuer { return .otherIssuer(own) }
        guard rule.covers(request.role, in: request.region ?? ruling?.region, for: claims) else { return .otherRequest }
        if let failure = rule.condition.firstFailure(claims, effect: .deny) {
            return .conditionFailed(TestReport(failure, in: claims))
        }
        return rule.isObserved(at: now) ? .observed("would have denied") : .denies
    }

    private var ruling: Ruling? { if case .allowed(let ruling) = decision { ruling } else { nil } }
}
