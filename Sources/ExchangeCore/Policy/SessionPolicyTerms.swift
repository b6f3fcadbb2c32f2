/// What a rule says of session policies.
struct SessionPolicyTerms: Sendable {
    func policies(for request: ExchangeRequest, rule: String) throws(Refusal) -> SessionPolicies {
        guard request.sessionPolicy == .none, request.managedPolicies.isEmpty else {
            let reason = "this gateway takes no session policy from callers; ask without one"
            throw .sessionPolicyNotAllowed(rule: rule, reason: reason)
        }
        return SessionPolicies(inline: nil, managed: [])
    }
}

/// The session policies that are sent to STS.
package struct SessionPolicies: Sendable, Equatable {
    /// Minified JSON; nil for none.
    package let inline: String?
    /// ARNs of managed policies.
    package let managed: [String]
}
