/// What a rule says of session policies: which ones a caller may choose, within what, and what is sent when he does not.
struct SessionPolicyTerms: Sendable {
    /// Those that a caller may ask for by name; default and ceiling are among them.
    var named: [String: SessionPolicyDocument] = [:]
    /// Sent when the caller asks for none.
    var standard: SessionPolicyDocument?
    /// What a caller asks for must be provably within it. It is sent when there is neither a wish nor a default.
    var ceiling: SessionPolicyCeiling?
    /// Added to every session.
    var always: [AlwaysPolicy] = []
    /// The names under which the files keep the policies of `always`, for lint.
    var alwaysNames: Set<String> = []
    /// The managed policies that a caller may choose from.
    var managed: [ManagedPolicyARN] = []

    /// Put together for `request`, or why it does not fit.
    func policies(for request: ExchangeRequest, rule: String) throws(Refusal) -> SessionPolicies {
        try checkManaged(request, rule: rule)
        let base = try base(for: request, rule: rule)
        let document = SessionPolicyComposition.document(
            base: base, always: always, hasManagedPolicies: !request.managedPolicies.isEmpty)
        do throws(SessionPolicyFault) {
            try SessionPolicyComposition.check(document, managedARNs: request.managedPolicies)
        } catch {
            throw .sessionPolicyTooLarge(reason: error.description)
        }
        return SessionPolicies(inline: document?.minified, managed: request.managedPolicies.map(\.description))
    }

    /// What is sent when the caller asks for nothing: it bounds the session as much as the rule can.
    var baseWithoutWish: SessionPolicyDocument? { standard ?? ceiling?.document }

    private func base(for request: ExchangeRequest, rule: String) throws(Refusal) -> SessionPolicyDocument? {
        switch request.sessionPolicy {
        // AWS unites session policies: beside a managed one that was asked for, a default would widen the session.
        case .none: return request.managedPolicies.isEmpty ? baseWithoutWish : nil
        case .named(let name): return try document(named: name, rule: rule)
        case .inline(let text): return try inline(text, rule: rule)
        }
    }

    private func document(named name: String, rule: String) throws(Refusal) -> SessionPolicyDocument {
        if let document = named[name] { return document }
        let choice = named.isEmpty ? "it has none" : "it has \(named.keys.sorted().joined(separator: ", "))"
        throw .sessionPolicyNotAllowed(
            rule: rule, reason: "This step may not choose the session policy \(name.quoted); \(choice).")
    }

    private func inline(_ text: String, rule: String) throws(Refusal) -> SessionPolicyDocument {
        let document: SessionPolicyDocument
        do throws(SessionPolicyFault) { document = try SessionPolicyDocument(parsing: text) } catch {
            switch error {
            case .malformed(let reason), .unsuitable(let reason): throw .sessionPolicyMalformed(reason: reason)
            case .tooLarge(let reason): throw .sessionPolicyTooLarge(reason: reason)
            }
        }
        if let excess = ceiling?.excess(of: document) {
            throw .sessionPolicyNotAllowed(rule: rule, reason: excess.description)
        }
        return document
    }

    private func checkManaged(_ request: ExchangeRequest, rule: String) throws(Refusal) {
        for arn in request.managedPolicies {
            guard managed.contains(arn) else {
                let choice = managed.isEmpty ? "it may choose none" : "it may choose \(Self.list(managed))"
                throw .sessionPolicyNotAllowed(
                    rule: rule,
                    reason: "This step may not choose the managed policy \(arn.description.quoted); \(choice).")
            }
            guard arn.isUsable(with: request.role) else {
                let remedy = "AWS takes policies of the role's account and its own"
                throw .sessionPolicyNotAllowed(
                    rule: rule, reason: "The managed policy \(arn) is of another account than the role; \(remedy).")
            }
        }
    }

    /// The first few, for a sentence.
    private static func list(_ arns: [ManagedPolicyARN]) -> String {
        arns.prefix(5).map(\.description).joined(separator: ", ") + (arns.count > 5 ? ", ..." : "")
    }
}

/// The session policies that are sent to STS.
package struct SessionPolicies: Sendable, Equatable {
    /// Minified JSON; nil for none.
    package let inline: String?
    /// ARNs of managed policies.
    package let managed: [String]
}
