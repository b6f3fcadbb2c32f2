/// What one rule gives beyond another, once the condition holds.
extension AllowRule {
    /// Each bound that `earlier` has and this rule has not, in words; empty where nothing is gained by being refused there.
    func gains(over earlier: AllowRule) -> [String] {
        let gains = [
            gainOfTime(over: earlier), gainOfRegions(over: earlier), gainOfPolicy(over: earlier),
            gainOfAlways(over: earlier), gainOfUses(over: earlier),
        ]
        return gains.compactMap { $0 }
    }

    /// Whether it takes every request for the roles of `later`, on the same terms or longer.
    func takesAll(of later: AllowRule) -> Bool {
        let takesRegions = regions.isEmpty || !later.regions.isEmpty && Set(regions).isSuperset(of: later.regions)
        return takesRegions && maximumDuration >= later.maximumDuration && roles.covers(later.roles)
            && sessionPolicy.isSame(as: later.sessionPolicy)
            && (oneUse == nil || later.oneUse.map { $0.fronts.isSubset(of: oneUse?.fronts ?? []) } ?? false)
    }

    private func gainOfTime(over earlier: AllowRule) -> String? {
        guard maximumDuration > earlier.maximumDuration else { return nil }
        return "\(maximumDuration.inWords) rather than \(earlier.maximumDuration.inWords)"
    }

    private func gainOfRegions(over earlier: AllowRule) -> String? {
        guard !earlier.regions.isEmpty else { return nil }
        if regions.isEmpty { return "any region" }
        let more = regions.filter { !earlier.regions.contains($0) }.map(\.description)
        return more.isEmpty ? nil : "the region \(more.shownAsList)"
    }

    private func gainOfPolicy(over earlier: AllowRule) -> String? {
        guard let bound = earlier.sessionPolicy.ceiling else { return nil }
        guard let ceiling = sessionPolicy.ceiling else { return "session policies without a ceiling" }
        return bound.excess(of: ceiling.document) == nil ? nil : "session policies up to another ceiling"
    }

    private func gainOfUses(over earlier: AllowRule) -> String? {
        guard let bound = earlier.oneUse else { return nil }
        guard let oneUse else { return "more than one use of a token" }
        let more = oneUse.fronts.subtracting(bound.fronts).map(\.rawValue).sorted()
        return more.isEmpty ? nil : "a token's use by the front \(more.joined(separator: ", "))"
    }

    private func gainOfAlways(over earlier: AllowRule) -> String? {
        let isAnyLost = earlier.sessionPolicy.always.contains { !sessionPolicy.always.contains($0) }
        return isAnyLost ? "sessions without an always of that rule" : nil
    }
}

extension SessionPolicyTerms {
    fileprivate func isSame(as other: SessionPolicyTerms) -> Bool {
        named == other.named && standard == other.standard && ceiling?.document == other.ceiling?.document
            && always == other.always && managed == other.managed
    }
}

extension Duration {
    /// `12h`, `30m` or `900s`, as a policy writes it.
    fileprivate var inWords: String {
        let seconds = components.seconds
        if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        return seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
