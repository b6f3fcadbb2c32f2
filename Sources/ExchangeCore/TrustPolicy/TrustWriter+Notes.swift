import StrictJSON

extension TrustWriter {
    /// What AWS does not check of the rule, and what has to be so for the policy to work.
    func notes(on document: JSONValue, of home: RoleHome) -> [String] {
        var notes = ["It is the trust policy of \(roles(in: home).shownAsList)."]
        let rest = rule.condition.tests.filter { !isExpressed($0) }.map { "\($0.conditionOperator) \($0.path)" }
        if !rest.isEmpty {
            notes.append(
                "AWS cannot check \(rest.joined(separator: ", ")), nor the policy's deny rules: only the gateway does.")
        }
        if rule.condition.tests.contains(where: { $0.path.description == "event" && holdsAction($0) }) {
            notes.append("sub has the event without its action, so AWS takes every action of it.")
        }
        if !others.isEmpty {
            notes.append(
                "Other rules may give the same roles: \(others.shownAsList). Their subjects belong into the policy too."
            )
        }
        notes.append(
            "The role's MaxSessionDuration must be \(max(3600, rule.maximumDuration.components.seconds)) s at least: AWS "
                + "refuses a longer request.")
        if mode == .forward {
            notes.append(
                "In forward mode the way is what keeps steps from going round the gateway: no step may share it.")
        }
        let length = document.bytes.count
        if length > 2048 {
            notes.append(
                "It has \(length) characters, and AWS takes 2,048 unless the account's quota \"Role trust policy length\" is "
                    + "raised (4,096 at most); wider patterns by --subject are shorter.")
        }
        return notes
    }

    private func roles(in home: RoleHome) -> [String] {
        let exact = rule.roles.exact.filter { $0.partition == home.partition && $0.account == home.account }
        let patterns = rule.roles.patterns.filter {
            $0.rolesPartition == home.partition && $0.rolesAccount == home.account
        }
        return (exact.map(\.description) + patterns.map(\.description)).sorted()
    }

    /// Whether `sub` and `aud` say what the test says.
    private func isExpressed(_ test: ClaimTest) -> Bool {
        guard terms.subjects.isEmpty || test.path.description == "aud" else { return false }
        let claims =
            tokens.guarantees.isVela
            ? ["sub", "aud", "repo", "repo_org", "repo_name", "ref", "event"] : ["sub", "aud"]
        // In issuer mode the step's own audience is between the step and the gateway.
        if test.path.description == "aud", mode != .forward { return true }
        return claims.contains(test.path.description) && test.wanted(tokens.guarantees) != nil
    }

    private func holdsAction(_ test: ClaimTest) -> Bool {
        test.wanted.contains { $0.contains(":") && !$0.hasSuffix(":*") }
    }
}
