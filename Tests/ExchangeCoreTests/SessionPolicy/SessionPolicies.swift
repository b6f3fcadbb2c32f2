import ExchangeCore

/// Short spellings of session policies for tests.
enum SessionPolicies {
    /// A document of statements written as JSON.
    static func text(_ statements: String...) -> String {
        #"{"Version": "2012-10-17", "Statement": [\#(statements.joined(separator: ", "))]}"#
    }

    static func document(_ statements: String...) throws(SessionPolicyFault) -> SessionPolicyDocument {
        try SessionPolicyDocument(
            parsing: #"{"Version": "2012-10-17", "Statement": [\#(statements.joined(separator: ", "))]}"#)
    }

    static func allow(_ action: String, on resource: String, condition: String? = nil) -> String {
        statement("Allow", action, on: resource, condition: condition)
    }

    static func deny(_ action: String, on resource: String, condition: String? = nil) -> String {
        statement("Deny", action, on: resource, condition: condition)
    }

    private static func statement(_ effect: String, _ action: String, on resource: String, condition: String?) -> String
    {
        let end = condition.map { #", "Condition": \#($0)"# } ?? ""
        return #"{"Effect": "\#(effect)", "Action": "\#(action)", "Resource": "\#(resource)"\#(end)}"#
    }

    /// The fault of `text`, nil when it parses.
    static func fault(in text: String) -> SessionPolicyFault? {
        do throws(SessionPolicyFault) {
            _ = try SessionPolicyDocument(parsing: text)
            return nil
        } catch { return error }
    }
}
