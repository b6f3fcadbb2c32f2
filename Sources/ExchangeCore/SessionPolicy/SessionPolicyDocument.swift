package import StrictJSON

/// A session policy in IAM's JSON grammar, read strictly: what cannot be told for sure is refused.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
package struct SessionPolicyDocument: Sendable {
    /// Never empty.
    package let statements: [SessionPolicyStatement]
    /// The compact text that STS is sent: Version and Statement, without Sids and Id, and only with characters that the
    /// parameter `Policy` takes. It parses to an equal document.
    package let minified: String
    /// The characters of `minified`, as AWS counts them.
    package let length: Int

    /// Parses JSON text of at most 20,000 bytes.
    package init(parsing text: String) throws(SessionPolicyFault) {
        let bytes = text.utf8.count
        guard bytes <= Self.longestText else {
            throw .tooLarge("the session policy is \(bytes) bytes long; at most \(Self.longestText) are read")
        }
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: text, limits: Self.limits) } catch {
            throw .malformed("the session policy is not the JSON that IAM takes: \(error)")
        }
        try self.init(value)
    }

    /// Reads a tree, such as a policy in the gateway's own files. One that STS could not take by itself is too large.
    package init(_ value: JSONValue) throws(SessionPolicyFault) {
        self.init(statements: try SessionPolicyReader.statements(of: value))
        guard length <= SessionPolicyComposition.mostCharacters else {
            throw .tooLarge(
                "the session policy has \(length) characters without white space and Sids; AWS takes "
                    + "\(SessionPolicyComposition.mostCharacters) at most")
        }
    }

    /// Takes statements that have been read, however many: what is sent is checked for its length at last.
    init(statements: [SessionPolicyStatement]) {
        self.statements = statements
        minified = statements.minified
        length = minified.unicodeScalars.count
    }

    /// Ten times what AWS takes, for white space, comments in Sids and escapes.
    private static let longestText = 20_000
    /// A value of a condition is at depth 7.
    private static let limits = JSONLimits(depth: 8, values: 10_000)
}

extension SessionPolicyDocument: Equatable {
    /// Documents are equal when the same is sent for them; Sids do not matter.
    package static func == (left: SessionPolicyDocument, right: SessionPolicyDocument) -> Bool {
        left.minified.hasSameBytes(as: right.minified)
    }
}
