/// What is sent to STS as session policies, put together in one place.
package enum SessionPolicyComposition {
    /// The inline policy for STS: the statements of `base`, then those of every `always`. Nil for none.
    ///
    /// A session policy allows only what it says, so where nothing else allows (no base, no managed policy) the Denies of
    /// an `always` follow one Allow of everything, which leaves the role's own permissions. Beside a base or a managed
    /// policy that Allow would undo the bound, so it stands there never.
    package static func document(
        base: SessionPolicyDocument?, always: [AlwaysPolicy], hasManagedPolicies: Bool
    ) -> SessionPolicyDocument? {
        let denies = always.flatMap(\.document.statements)
        guard !denies.isEmpty else { return base }
        if let base { return SessionPolicyDocument(statements: base.statements + denies) }
        return SessionPolicyDocument(statements: hasManagedPolicies ? denies : [.allowAll] + denies)
    }

    /// Refuses what STS would: more than 2,048 characters of policy and ARNs together, or more than 10 ARNs. AWS's packed
    /// size, a second limit, can be computed by AWS alone.
    package static func check(
        _ document: SessionPolicyDocument?, managedARNs: [ManagedPolicyARN]
    ) throws(SessionPolicyFault) {
        guard managedARNs.count <= mostARNs else {
            throw .tooLarge("there are \(managedARNs.count) managed session policies; AWS takes \(mostARNs) at most")
        }
        let policy = document?.length ?? 0
        let arns = managedARNs.reduce(0) { $0 + $1.description.unicodeScalars.count }
        guard policy + arns <= mostCharacters else {
            throw .tooLarge(
                "the session policies have \(policy + arns) characters together (\(policy) of policy, \(arns) of ARNs); "
                    + "AWS takes \(mostCharacters) at most")
        }
    }

    static let mostCharacters = 2048
    private static let mostARNs = 10
}
