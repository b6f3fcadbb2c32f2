/// What is wrong with a role's trust policy. The raw value is the stable name that `--allow` takes; docs/trust-policy.md has an
/// entry for each.
package enum TrustFindingKind: String, Sendable, CaseIterable {
    // Who else comes in.
    case velaTrustedDirectly = "vela-trusted-directly"
    case issuerNotTrusted = "issuer-not-trusted"
    case unknownProvider = "unknown-provider"
    case everyone
    case wholeAccount = "whole-account"
    case otherPrincipal = "other-principal"
    case notPrincipal = "not-principal"
    case notAction = "not-action"
    // The provider.
    case malformedProvider = "malformed-provider"
    case wrongPartition = "wrong-partition"
    case wrongAccount = "wrong-account"
    // sub and aud.
    case noSubject = "no-subject"
    case organisationWildcard = "organisation-wildcard"
    case repositoryPrefix = "repository-prefix"
    case subjectCrossesEvent = "subject-crosses-event"
    case subjectNeverSent = "subject-never-sent"
    case noAudience = "no-audience"
    case audienceWildcard = "audience-wildcard"
    // Operators and keys.
    case literalWildcard = "literal-wildcard"
    case absenceAdmits = "absence-admits"
    case negatedCondition = "negated-condition"
    case keyNeverSet = "key-never-set"
    // The way.
    case noNetworkPin = "no-network-pin"
    case pinTooWide = "pin-too-wide"
    case pinNeverMet = "pin-never-met"
    // What the gateway's tokens carry.
    case missingTagSession = "missing-tag-session"
    case missingSetSourceIdentity = "missing-set-source-identity"
}
