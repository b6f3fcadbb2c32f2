/// Why a document is no trust policy that can be read: where, what, and the remedy. One line.
package struct TrustPolicyFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    /// Of a statement, by its number from 1.
    init(statement: Int, _ message: String) { description = "statement \(statement): \(message)" }
}
