/// Operators and keys that do not do what their reader thinks.
extension TrustStatement {
    /// `StringEquals: {"...:sub": "repo:octo-org/*"}` waits for a `sub` with a star in it.
    var literalWildcards: [TrustRemark] {
        conditions.compactMap { condition in
            guard let like = condition.conditionOperator.comparison.likeOperator else { return nil }
            let starred = condition.values.filter { $0.utf8.contains { "*?".utf8.contains($0) } }
            guard !starred.isEmpty else { return nil }
            let effect = effect == .allow ? "so nobody comes in by it" : "so this Deny does not do what it says"
            return TrustRemark(
                "\(condition.words) takes * and ? of \(starred.shownAsList) for themselves, \(effect)",
                remedy: "write \(like) for a pattern")
        }
    }

    /// Keys that no token of any of its providers brings. AWS knows `sub`, `aud` and `amr` of a provider, under its address.
    var keysNeverSet: [TrustRemark] {
        guard !providers.isEmpty else { return [] }
        return conditions.filter { condition in
            providers.contains { !TrustKey(condition.key, for: $0).isEvaluated }
        }.map { condition in
            let effect =
                condition.isMetByAbsence
                ? "it keeps nobody out" : "by it nobody comes in, or nobody is kept out: do not rely on it"
            return TrustRemark(
                "AWS never sets \(condition.key.text.quoted) for tokens of "
                    + "\(providers.map(\.address).shownAsList), so \(effect)",
                remedy:
                    "AWS knows ADDRESS:sub and ADDRESS:aud of the provider named; test other claims in the gateway's "
                    + "policy, and give each provider a statement of its own")
        }
    }
}

extension TrustEntrance {
    /// `ForAllValues:StringLike` and `StringLikeIfExists` are met by a request that says nothing.
    var conditionsMetByAbsence: [TrustRemark] {
        decisive.filter { condition in
            condition.conditionOperator.isIfExists || condition.conditionOperator.quantifier == .all
        }.map { condition in
            TrustRemark(
                "\(condition.words) is met by a request that has no such key, so it binds only those who have one",
                remedy: "write \(condition.conditionOperator.comparison.rawValue), without ForAllValues and IfExists")
        }
    }

    /// Who names whom to keep out lets in all whom he did not think of.
    var negatedConditions: [TrustRemark] {
        decisive.compactMap { condition in
            guard let counterpart = condition.conditionOperator.comparison.counterpart else { return nil }
            return TrustRemark(
                "\(condition.words) in an Allow lets in everybody who has another value, or none",
                remedy: "name who may come in, by \(counterpart.rawValue); to keep some out besides, write a Deny")
        }
    }

    /// Its conditions on who comes and by which way.
    private var decisive: [TrustCondition] {
        statement.conditions.filter { condition in
            let key = TrustKey(condition.key, for: provider)
            return key == .sub || key == .aud || TrustKey.ways.contains(key)
        }
    }
}

extension SessionPolicyComparison {
    /// The operator that reads wildcards, of one that does not.
    fileprivate var likeOperator: String? {
        switch self {
        case .stringEquals, .stringEqualsIgnoreCase: Self.stringLike.rawValue
        case .stringNotEquals, .stringNotEqualsIgnoreCase: Self.stringNotLike.rawValue
        default: nil
        }
    }
}
