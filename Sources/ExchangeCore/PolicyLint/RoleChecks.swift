/// Which roles a rule gives.
extension LintedAllow {
    /// `role/octo-*` gives `role/octo-admin` as well, on the day that somebody makes it.
    var roleWildcards: [String] {
        let open = rule.roles.patterns.filter(\.hasWildcards).map(\.description)
        guard !open.isEmpty else { return [] }
        return [
            "roles \(open.shownAsList) gives every role whose name fits, those made tomorrow included; "
                + "list the roles, or fill the name from a claim as in role/ci-{repo_name}"
        ]
    }

    /// `role/deploy-{branch}`: whoever may push a branch named `production` has the role `deploy-production`.
    var rolesFromAuthor: [String] {
        guard guarantees.isVela else { return [] }
        return rule.roles.patterns.compactMap { pattern in
            let chosen = pattern.claims.map(\.description)
                .filter { Self.authorsClaims.contains($0) && !isWrittenOut($0) }
            guard !chosen.isEmpty else { return nil }
            return "role \(pattern.description.quoted) is filled from \(chosen.shownAsList), which whoever writes the "
                + "pipeline or pushes a branch chooses; use repo_org, repo_name or custom_properties, or list the "
                + "claim's values in the condition"
        }
    }

    /// AWS takes managed session policies of the role's own account, and its own.
    var unusableManagedPolicies: [String] {
        let roles = rule.roles
        return rule.sessionPolicy.managed.filter { arn in
            let isForExact = roles.exact.contains { arn.isUsable(with: $0) }
            return !isForExact
                && !roles.patterns.contains {
                    $0.rolesPartition == arn.partition && (arn.account ?? $0.rolesAccount) == $0.rolesAccount
                }
        }.map { arn in
            "managed policy \(arn.description.quoted) is of another account than every role of this rule, so AWS "
                + "refuses it; name the policy of the role's account"
        }
    }

    private func isWrittenOut(_ claim: String) -> Bool {
        wanted(of: claim).contains { $0.allSatisfy { $0.literal != nil } }
    }

    private static let authorsClaims: Set<String> = [
        "branch", "ref", "sha", "sub", "image", "image_name", "image_tag", "request", "commands",
    ]
}
