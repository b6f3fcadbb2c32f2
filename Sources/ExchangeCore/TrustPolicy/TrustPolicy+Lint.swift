extension RoleTrust {
    /// By what in this trust policy a step comes past the gateway, or the gateway does not come in; statement by statement, and
    /// of each in the order of the kinds. Empty where nothing is found, which proves nothing.
    package func lint(expecting expectations: TrustExpectations) -> [TrustFinding] {
        let trust = LintedTrust(policy, expecting: expectations.ofRole(role))
        let findings = TrustFindingKind.allCases.flatMap(trust.findings(of:))
        let ordered = findings.enumerated().sorted { left, right in
            let places = (left.element.statement ?? .max, right.element.statement ?? .max)
            return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
        }
        return ordered.map(\.element)
    }
}

extension LintedTrust {
    /// A kind, and the one check that finds it.
    fileprivate func findings(of kind: TrustFindingKind) -> [TrustFinding] {
        switch kind {
        case .velaTrustedDirectly: eachEntrance(kind, directTrust)
        case .issuerNotTrusted: whole(kind, missingTrust)
        case .unknownProvider: eachEntrance(kind) { $0.unknownProvider }
        case .everyone: eachAllow(kind) { $0.everyone }
        case .wholeAccount: eachAllow(kind) { $0.wholeAccounts }
        case .otherPrincipal: eachAllow(kind) { $0.otherPrincipals }
        case .notPrincipal: eachAllow(kind) { $0.notPrincipal }
        case .notAction: eachAllow(kind) { $0.notAction }
        case .malformedProvider: eachAllow(kind) { $0.malformedProviders }
        case .wrongPartition: eachEntrance(kind, wrongPartition)
        case .wrongAccount: eachEntrance(kind, wrongAccount)
        case .noSubject: eachEntrance(kind) { $0.missingSubject }
        case .organisationWildcard: eachEntrance(kind) { $0.organisationWildcards }
        case .repositoryPrefix: eachEntrance(kind) { $0.repositoryPrefixes }
        case .subjectCrossesEvent: eachEntrance(kind) { $0.subjectsCrossingEvent }
        case .subjectNeverSent: eachEntrance(kind) { $0.subjectsNeverSent }
        case .noAudience: eachEntrance(kind) { $0.missingAudience }
        case .audienceWildcard: eachEntrance(kind) { $0.audienceWildcards }
        case .literalWildcard: eachStatement(kind) { $0.literalWildcards }
        case .absenceAdmits: eachEntrance(kind) { $0.conditionsMetByAbsence }
        case .negatedCondition: eachEntrance(kind) { $0.negatedConditions }
        case .keyNeverSet: eachAllow(kind) { $0.keysNeverSet }
        case .noNetworkPin: eachEntrance(kind, missingPin)
        case .pinTooWide: eachEntrance(kind) { $0.widePins }
        case .pinNeverMet: eachEntrance(kind) { $0.pinsNeverMet }
        case .missingTagSession: whole(kind, missingTagSession)
        case .missingSetSourceIdentity: whole(kind, missingSetSourceIdentity)
        }
    }

    private func eachEntrance(
        _ kind: TrustFindingKind, _ remarks: (TrustEntrance) -> [TrustRemark]
    ) -> [TrustFinding] {
        entrances.flatMap { entrance in remarks(entrance).map { TrustFinding(kind, of: entrance.statement, $0) } }
            .unique
    }

    private func eachAllow(
        _ kind: TrustFindingKind, _ remarks: (TrustStatement) -> [TrustRemark]
    ) -> [TrustFinding] {
        policy.allows.flatMap { statement in remarks(statement).map { TrustFinding(kind, of: statement, $0) } }
    }

    private func eachStatement(
        _ kind: TrustFindingKind, _ remarks: (TrustStatement) -> [TrustRemark]
    ) -> [TrustFinding] {
        policy.statements.flatMap { statement in remarks(statement).map { TrustFinding(kind, of: statement, $0) } }
    }

    private func whole(_ kind: TrustFindingKind, _ remark: TrustRemark?) -> [TrustFinding] {
        remark.map { [TrustFinding(kind, of: nil, $0)] } ?? []
    }
}

extension TrustFinding {
    fileprivate init(_ kind: TrustFindingKind, of statement: TrustStatement?, _ remark: TrustRemark) {
        self.init(
            kind: kind, statement: statement?.number, sid: statement?.sid, message: remark.message,
            remedy: remark.remedy)
    }
}

extension [TrustFinding] {
    /// What is said of several providers of one statement in the same words is said once.
    fileprivate var unique: [TrustFinding] {
        reduce(into: []) { kept, finding in
            if !kept.contains(finding) { kept.append(finding) }
        }
    }
}
