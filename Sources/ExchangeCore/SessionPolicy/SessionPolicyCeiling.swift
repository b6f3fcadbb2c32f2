/// A session policy that bounds what callers ask for: their policy must provably allow nothing that this one does not.
///
/// The proof goes statement by statement: each action and resource of an Allow must lie within *one* statement here, under
/// conditions at least as strict. What cannot be proved is refused, even where it would be contained.
package struct SessionPolicyCeiling: Sendable {
    /// What is sent where a caller asks for nothing.
    package let document: SessionPolicyDocument
    private let statements: [CeilingStatement]

    /// Only Allow statements, whose resources are written out: see `CeilingStatement`.
    package init(_ document: SessionPolicyDocument) throws(SessionPolicyFault) {
        self.document = document
        statements = try document.statements.enumerated().map { (index, statement) throws(SessionPolicyFault) in
            try CeilingStatement(statement, at: PolicyPlace(statement: index + 1, sid: statement.sid))
        }
    }

    /// Nil when `request` provably allows nothing beyond this policy; else the first thing that could not be proved.
    ///
    /// Deny statements only take away, so they are always accepted, and a document of them alone allows nothing.
    package func excess(of request: SessionPolicyDocument) -> SessionPolicyExcess? {
        for (index, statement) in request.statements.enumerated() where statement.effect == .allow {
            guard let reason = reasonAgainst(statement) else { continue }
            return SessionPolicyExcess(place: PolicyPlace(statement: index + 1, sid: statement.sid), reason: reason)
        }
        return nil
    }

    private func reasonAgainst(_ request: SessionPolicyStatement) -> String? {
        for resource in request.resources.patterns {
            if let doubt = resource.doubt { return "the resource \(resource.text.echoed()) \(doubt)" }
        }
        let bounds = statements.map { StatementBounds(of: request, by: $0) }
        for (a, action) in request.actions.patterns.enumerated() {
            for (r, resource) in request.resources.patterns.enumerated() {
                if bounds.contains(where: { $0.covers(action: a, resource: r) }) { continue }
                return bounds.reason(for: action, at: a, on: resource, at: r)
            }
        }
        return nil
    }
}

/// What of a request's statement lies within one statement of the ceiling.
struct StatementBounds {
    let ceiling: CeilingStatement
    private let actions: [Bool]
    private let resources: [Bool]
    /// The first condition of the ceiling that the request does not keep.
    let brokenCondition: SessionPolicyCondition?
    /// A policy variable of the ceiling that the request does not have.
    let missingVariable: String?

    init(of request: SessionPolicyStatement, by ceiling: CeilingStatement) {
        self.ceiling = ceiling
        actions = request.actions.patterns.map(ceiling.covers)
        resources = request.resources.patterns.map(ceiling.covers)
        brokenCondition = ceiling.brokenCondition(in: request.conditions)
        missingVariable = ceiling.missingVariable(in: request)
    }

    func covers(action: Int, resource: Int) -> Bool {
        brokenCondition == nil && missingVariable == nil && covers(action: action) && covers(resource: resource)
    }

    func covers(action: Int) -> Bool { actions[action] }
    func covers(resource: Int) -> Bool { resources[resource] }
}
