package import StrictJSON

extension PolicySet {
    /// What is legal in this policy and dangerous, in the order of files and lines. `now` tells rules under observation from
    /// those whose observation has ended.
    ///
    /// It grants and refuses nothing: the rules decide as they did. Of each kind there are at most a hundred findings, of which
    /// the last counts the rest.
    package func lint(at now: Timestamp) -> [LintFinding] {
        let policy = LintedPolicy(self, at: now)
        return LintKind.allCases.flatMap { kind in
            policy.findings(of: kind).inReadingOrder().bounded(to: Self.mostFindings, kind: kind)
        }.inReadingOrder()
    }

    /// Nobody reads more of one kind, and a policy of thousands of rules has its faults by the thousand.
    static let mostFindings = 100
}

extension LintedPolicy {
    /// A kind, and the one check that finds it.
    fileprivate func findings(of kind: LintKind) -> [LintFinding] {
        switch kind {
        case .organisationWildcard: eachAllow(kind) { $0.organisationWildcards }
        case .repositoryPrefix: eachAllow(kind) { $0.repositoryPrefixes }
        case .anyRepository: eachAllow(kind) { $0.anyRepository }
        case .subjectCrossesEvent: eachAllow(kind) { $0.subjectsCrossingEvent }
        case .noEventGate: eachAllow(kind) { $0.missingEventGate }
        case .eventNeverSent: eachRule(kind) { $0.eventsNeverSent }
        case .noForkGate: eachAllow(kind) { $0.missingForkGate }
        case .commentsPassForkGate: eachAllow(kind) { $0.commentsPassingForkGate }
        case .imageNotPinned: eachAllow(kind) { $0.unpinnedImages }
        case .anyStep: eachAllow(kind) { $0.anyStep }
        case .literalWildcard: eachRule(kind) { $0.literalWildcards }
        case .absenceAdmits: eachAllow(kind) { $0.testsMetByAbsence }
        case .roleWildcard: eachAllow(kind) { $0.roleWildcards }
        case .roleFromAuthor: eachAllow(kind) { $0.rolesFromAuthor }
        case .noSessionName: eachAllow(kind) { $0.missingSessionName }
        case .sessionNameShared: eachAllow(kind) { $0.sharedSessionName }
        case .defaultWithoutCeiling: eachAllow(kind) { $0.defaultWithoutCeiling }
        case .allowsAssumeRole: sessionPolicies(allowing: .assumeRole, kind)
        case .allowsPassRole: sessionPolicies(allowing: .passRole, kind)
        case .managedPolicyUnusable: eachAllow(kind) { $0.unusableManagedPolicies }
        case .unusedSessionPolicy: unusedSessionPolicies
        case .neverMatches: eachAllow(kind) { $0.contradictions }
        case .shadowedRule: pairs.shadowedRules
        case .laxerLaterRule: pairs.laxerLaterRules
        case .idleDeny: idleDenies
        case .observeActive: eachRule(kind) { $0.activeObservation(at: now) }
        case .observeEnded: eachRule(kind) { $0.endedObservation(at: now) }
        case .forwardBesideIssuer: forwardBesideIssuer
        case .issuerDisabled: eachIssuer(kind, disabled)
        case .issuerWithoutRule: eachIssuer(kind, withoutRule)
        case .absentPullForkTrusted: eachIssuer(kind, trustInAbsentPullFork)
        case .plaintextKeys: eachIssuer(kind, plaintextKeys)
        }
    }

    private func eachAllow(_ kind: LintKind, _ messages: (LintedAllow) -> [String]) -> [LintFinding] {
        allows.flatMap { allow in
            messages(allow).map { LintFinding(kind, rule: allow.rule.name, at: allow.rule.place, $0) }
        }
    }

    private func eachRule(_ kind: LintKind, _ messages: (LintedRule) -> [String]) -> [LintFinding] {
        rules.flatMap { rule in messages(rule).map { LintFinding(kind, rule: rule.name, at: rule.place, $0) } }
    }

    private func eachIssuer(_ kind: LintKind, _ message: (Issuer) -> String?) -> [LintFinding] {
        policy.issuers.compactMap { issuer in
            guard let place = policy.issuerPlaces[issuer.name], let message = message(issuer) else { return nil }
            return LintFinding(kind, at: place, message)
        }
    }
}
