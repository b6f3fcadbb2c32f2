/// What a token of the gateway's own says of one grant; the issuer adds its name, the times and a fresh `jti`.
package struct FederationClaims: Sendable, Hashable {
    /// `sub`: what a role's trust policy is written for.
    package let subject: String
    /// `aud`, the one audience.
    package let audience: String
    /// Session tags, in the rule's order; keys are unique without regard to case.
    package let tags: [SessionTag]
    /// Source identity, 2 to 64 characters; nil sends none.
    package let sourceIdentity: String?
    /// The role that the token is pinned to, by the claim `roles`; nil leaves the claim out.
    package let pinnedRole: RoleARN?

    package init(
        subject: String, audience: String, tags: [SessionTag] = [], sourceIdentity: String? = nil,
        pinnedRole: RoleARN? = nil
    ) {
        self.subject = subject
        self.audience = audience
        self.tags = tags
        self.sourceIdentity = sourceIdentity
        self.pinnedRole = pinnedRole
    }
}

/// A session tag: AWS makes it `aws:PrincipalTag/<key>` in the session's requests.
package struct SessionTag: Sendable, Hashable {
    /// 1 to 128 characters, a literal of the policy.
    package let key: String
    /// 1 to 256 characters, filled from the verified claims.
    package let value: String
    /// Whether the tag stays when the session takes another role.
    package let isTransitive: Bool

    package init(key: String, value: String, isTransitive: Bool) {
        self.key = key
        self.value = value
        self.isTransitive = isTransitive
    }
}
