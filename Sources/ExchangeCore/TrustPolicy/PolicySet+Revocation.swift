package import StrictJSON

extension PolicySet {
    /// The IAM policy that ends the sessions of a repository's builds, or of one build, that were issued before `moment`, by what
    /// each rule puts into its sessions. `rule` keeps to one rule; nil takes all that the repository may come by.
    package func revocation(
        of repository: Repository, build: String?, rule name: String? = nil, issuedBefore moment: Timestamp
    ) throws(RuleTrustFault) -> Revocation {
        let rules = try revoked(for: repository, build: build, named: name)
        let marks = rules.map { SessionMarks(of: $0, for: repository, build: build) }
        let conditions = marks.flatMap(\.conditions).unique
        let statements = conditions.enumerated().map { index, condition in
            let sid = "Revoke" + repository.description.asSid + (build ?? "")
            return JSONObject(
                denyingSessionsBefore: moment, sid: conditions.count > 1 ? "\(sid)Part\(index + 1)" : sid, [condition])
        }
        let reached = zip(rules, marks).filter { !$0.1.conditions.isEmpty }.map(\.0)
        return Revocation(
            document: statements.isEmpty ? nil : .policy(statements),
            roles: Set(reached.flatMap(\.roles.texts)).sorted(), notes: marks.flatMap(\.notes).unique,
            gaps: marks.flatMap(\.gaps).unique)
    }

    /// The allow rules by which the repository's builds may come. A deny may have been written since the sessions began, so none
    /// is asked.
    private func revoked(
        for repository: Repository, build: String?, named name: String?
    ) throws(RuleTrustFault) -> [AllowRule] {
        let allows = rules.compactMap(\.allow).filter { rule in name.map { rule.name.hasSameBytes(as: $0) } ?? true }
        if let name, allows.isEmpty { throw RuleTrustFault("the policy has no allow rule \(name.quoted)") }
        let fitting = allows.filter { rule in
            guard let issuer = issuers.first(where: { $0.name.hasSameBytes(as: rule.issuer) }), issuer.kind == .vela
            else {
                return false
            }
            let asked =
                [ClaimTest.claim("repo", is: repository.description)]
                + (build.map { [ClaimTest.claim("build_number", is: $0)] } ?? [])
            return TokenClass(rule.condition.tests + asked, guarantees: ClaimGuarantees(of: issuer)).contradiction
                == nil
        }
        guard !fitting.isEmpty else {
            throw RuleTrustFault(
                "no allow rule\(name.map { " \($0.quoted)" } ?? "") takes builds of \(repository) from a Vela issuer; a rule "
                    + "that was removed since is in the policy's history: give that policy")
        }
        return fitting
    }
}

extension Array where Element: Equatable {
    fileprivate var unique: [Element] {
        reduce(into: []) { kept, element in
            if !kept.contains(element) { kept.append(element) }
        }
    }
}
