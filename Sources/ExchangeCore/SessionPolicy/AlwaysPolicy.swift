/// A session policy that is added to every session of a rule: it only takes away, whatever the request.
package struct AlwaysPolicy: Sendable, Equatable {
    package let document: SessionPolicyDocument

    /// Deny statements only, and none that AWS might pass over.
    package init(_ document: SessionPolicyDocument) throws(SessionPolicyFault) {
        for (index, statement) in document.statements.enumerated() {
            try Self.check(statement, at: PolicyPlace(statement: index + 1, sid: statement.sid))
        }
        self.document = document
    }

    private static func check(_ statement: SessionPolicyStatement, at place: PolicyPlace) throws(SessionPolicyFault) {
        guard statement.effect == .deny else {
            throw place.unsuitable("an always only takes away; write Deny, or put what is allowed into a default")
        }
        let resources = statement.resources.patterns
        for text in resources.map(\.source) + statement.conditions.flatMap(\.values) where text.holdsVariable {
            throw place.unsuitable(
                "\(text.text.echoed()) holds a policy variable, and one that does not resolve voids the statement; "
                    + "write the value or a wildcard")
        }
        for resource in resources {
            guard let doubt = resource.doubt else { continue }
            throw place.unsuitable("Resource \(resource.text.echoed()) \(doubt)")
        }
    }
}
