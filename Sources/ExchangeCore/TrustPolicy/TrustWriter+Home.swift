/// The account of the roles and of the provider.
struct RoleHome: Hashable {
    let partition: Partition
    let account: String
}

extension TrustWriter {
    /// A trust policy names a provider of the role's own account, so it is for roles of one account.
    func home() throws(RuleTrustFault) -> RoleHome {
        if let role = terms.role {
            guard homes.contains(RoleHome(role)) else {
                throw RuleTrustFault("the rule has no role in the account of \(role.description.quoted)")
            }
            return RoleHome(role)
        }
        guard homes.count == 1, let home = homes.first else {
            let accounts = homes.map(\.account).sorted()
            throw RuleTrustFault(
                "the rule has roles in several accounts, \(accounts.shownAsList), and each has a provider of its own; "
                    + "say which by --role ARN")
        }
        return home
    }

    private var homes: Set<RoleHome> {
        Set(rule.roles.exact.map(RoleHome.init))
            .union(rule.roles.patterns.map { RoleHome(partition: $0.rolesPartition, account: $0.rolesAccount) })
    }
}

extension RoleHome {
    fileprivate init(_ role: RoleARN) { self.init(partition: role.partition, account: role.account) }
}
