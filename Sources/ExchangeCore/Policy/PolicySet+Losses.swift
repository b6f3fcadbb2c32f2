import StrictJSON

/// What a new policy no longer closes: worth a warning at a reload.
package struct PolicyLoss: Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// A deny rule that is gone or has changed.
        case deny
        /// A session policy that was added to every session of a rule, and is not any more.
        case always
        /// A ceiling that is gone or has changed.
        case ceiling
        /// A rule that took each token once, and takes it again and again now or by more fronts.
        case oneUse = "one_use"
        /// A rule in issuer mode that forwards now, or whose token says less to AWS: a tag, the source identity, the pinned role.
        case federation
        /// An issuer that was disabled, and whose tokens are taken again. The name is the issuer's.
        case disabled
    }

    package let kind: Kind
    package let rule: String

    package var description: String { "\(kind.rawValue) of \(rule)" }
}

extension PolicySet {
    /// The bounds of this set that `newer` lacks, or has with another content.
    package func losses(to newer: PolicySet) -> [PolicyLoss] {
        let newDenies = Dictionary(grouping: newer.rules.compactMap(\.deny), by: \.name)
        let newAllows = Dictionary(grouping: newer.rules.compactMap(\.allow), by: \.name)
        let enabled = issuers.filter { issuer in
            issuer.isDisabled && newer.issuers.contains { $0.url.hasSameBytes(as: issuer.url) && !$0.isDisabled }
        }
        let lossesOfRules = rules.flatMap { rule in
            switch rule {
            case .deny(let deny):
                newDenies[deny.name, default: []].contains { $0.closesTheSame(as: deny) }
                    ? [] : [PolicyLoss(kind: .deny, rule: deny.name)]
            case .allow(let allow): newAllows[allow.name]?.first.map { allow.losses(to: $0) } ?? []
            }
        }
        return enabled.map { PolicyLoss(kind: .disabled, rule: $0.name) } + lossesOfRules
    }
}

extension AllowRule {
    /// A rule that is gone allows nothing, so only one that stays can lose a bound.
    fileprivate func losses(to newer: AllowRule) -> [PolicyLoss] {
        let kept = newer.sessionPolicy
        let losesAlways = sessionPolicy.always.contains { !kept.always.contains($0) }
        let losesCeiling = sessionPolicy.ceiling.map { $0.document != kept.ceiling?.document } ?? false
        let losesOneUse = oneUse.map { !(newer.oneUse?.fronts.isSubset(of: $0.fronts) ?? false) } ?? false
        let losses: [(Bool, PolicyLoss.Kind)] = [
            (losesAlways, .always), (losesCeiling, .ceiling), (losesOneUse, .oneUse),
            (federation.loses(to: newer.federation), .federation),
        ]
        return losses.filter(\.0).map { PolicyLoss(kind: $0.1, rule: name) }
    }
}

extension FederationTerms {
    fileprivate func loses(to newer: FederationTerms) -> Bool {
        guard let old = templates else { return false }
        guard let new = newer.templates else { return true }
        let kept = new.tags.map(\.identity)
        return (old.pinsRole && !new.pinsRole) || old.tags.contains { !kept.contains($0.identity) }
            || (old.sourceIdentity != nil && old.sourceIdentity?.text != new.sourceIdentity?.text)
    }
}

extension FederationTemplates.TagTemplate {
    fileprivate var identity: [String] { [key, value.text, isTransitive.description] }
}
