/// What a caller asks for, parsed from any front.
package struct ExchangeRequest: Sendable, Equatable {
    package var role: RoleARN
    /// Nil leaves it to the rule, then to the partition's standard region.
    package var region: Region?
    /// Nil leaves it to the rule. 900 s to 12 h, AWS's own bounds, checked at the front.
    package var duration: Duration?
    /// `[\w+=,.@-]{2,64}`, checked at the front. Nil leaves it to the rule.
    package var sessionName: SessionName?
    package var sessionPolicy: RequestedSessionPolicy
    /// Managed policies to bound the session by.
    package var managedPolicies: [ManagedPolicyARN]
    /// Whether AWS is to be asked whose the credentials are, before they are given.
    package var isToBeVerified: Bool
    /// The way it came.
    package var front: Front

    package init(
        role: RoleARN, region: Region? = nil, duration: Duration? = nil, sessionName: SessionName? = nil,
        sessionPolicy: RequestedSessionPolicy = .none, managedPolicies: [ManagedPolicyARN] = [],
        isToBeVerified: Bool = false, front: Front = .credentials
    ) {
        self.role = role
        self.region = region
        self.duration = duration
        self.sessionName = sessionName
        self.sessionPolicy = sessionPolicy
        self.managedPolicies = managedPolicies
        self.isToBeVerified = isToBeVerified
        self.front = front
    }
}

/// The session policy that a caller brings or names.
package enum RequestedSessionPolicy: Sendable, Equatable {
    case none
    /// The JSON text of a policy, not yet checked.
    case inline(String)
    /// The name of a policy kept on the gateway.
    case named(String)
}

/// A role session name, `[\w+=,.@-]{2,64}`.
package struct SessionName: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// Nil for a name that AWS would refuse.
    package init?(parsing text: String) {
        guard (2...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isRoleCharacter) else { return nil }
        description = text
    }
}
