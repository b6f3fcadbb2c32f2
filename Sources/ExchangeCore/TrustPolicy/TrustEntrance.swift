/// One way into a role: a statement that takes the tokens of one provider.
struct TrustEntrance: Sendable {
    let statement: TrustStatement
    let provider: OIDCProvider
    let source: TokenSource
    /// All that a request must have, by the statement and by the policy's Denies.
    let bounds: [TrustBound]

    /// The bounds of one key, as the texts that each takes.
    func patterns(of key: TrustKey) -> [[ValuePattern]] {
        bounds.filter { $0.key == key }.compactMap(\.patterns)
    }
}

/// A trust policy with what lint knows of it.
struct LintedTrust: Sendable {
    let policy: TrustPolicy
    let expectations: TrustExpectations
    let entrances: [TrustEntrance]

    init(_ policy: TrustPolicy, expecting expectations: TrustExpectations) {
        self.policy = policy
        self.expectations = expectations
        let denies = policy.statements.filter { $0.effect == .deny }
        entrances = policy.allows.flatMap { statement in
            guard statement.takes(.assumeRoleWithWebIdentity), !statement.excludesPrincipals else {
                return [TrustEntrance]()
            }
            return statement.providers.filter { !statement.isClosed(to: $0) }.map { provider in
                TrustEntrance(
                    statement: statement, provider: provider, source: expectations.source(of: provider),
                    bounds: statement.bounds(of: provider) + denies.flatMap { $0.bounds(of: provider) })
            }
        }
    }
}

extension TrustStatement {
    /// Those that can be there: a malformed address is nobody's.
    var providers: [OIDCProvider] { principals.compactMap(\.provider).filter { $0.addressFault == nil } }
}

extension TrustPolicy {
    var allows: [TrustStatement] { statements.filter { $0.effect == .allow } }
}

extension TrustStatement {
    /// What it demands of a token of `provider`.
    fileprivate func bounds(of provider: OIDCProvider) -> [TrustBound] {
        guard effect == .deny else { return conditions.compactMap { TrustBound(allowing: $0, for: provider) } }
        guard takes(.assumeRoleWithWebIdentity), !excludesPrincipals,
            principals.contains(where: { $0 == .everyone || $0.provider == provider })
        else { return [] }
        // A Deny with several conditions binds only those who meet them all. Of ways alone it leaves each of them open.
        let isOfWays = conditions.allSatisfy { TrustKey.ways.contains(TrustKey($0.key, for: provider)) }
        guard conditions.count == 1 || isOfWays else { return [] }
        let bounds = conditions.compactMap {
            TrustBound(denyingUnless: $0, for: provider, isAlternative: conditions.count > 1)
        }
        return bounds.count == conditions.count ? bounds : []
    }

    /// Whether it waits for a key of another of its providers, which a token of this one never brings.
    fileprivate func isClosed(to provider: OIDCProvider) -> Bool {
        conditions.contains { condition in
            let isOfAnother = providers.contains { other in
                if case .claim = TrustKey(condition.key, for: other) { other != provider } else { false }
            }
            return isOfAnother && TrustKey(condition.key, for: provider) == .stranger && !condition.isMetByAbsence
        }
    }
}
