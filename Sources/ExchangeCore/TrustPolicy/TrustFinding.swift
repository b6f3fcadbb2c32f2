/// One thing in a trust policy by which somebody comes past the gateway, or nobody comes in: where, what, and what to write.
package struct TrustFinding: Sendable, Equatable, CustomStringConvertible {
    package let kind: TrustFindingKind
    /// Counted from 1; nil for what is missing from the whole policy.
    package let statement: Int?
    package let sid: String?
    /// What may happen, with the very values. One line.
    package let message: String
    /// What to write instead. One line.
    package let remedy: String

    /// `statement 1 (Sid VelaSteps): no-audience: ...; ...`
    package var description: String {
        let name = sid.map { " (Sid \($0.shown(upTo: 64)))" } ?? ""
        return (statement.map { "statement \($0)\(name): " } ?? "") + "\(kind.rawValue): \(message); \(remedy)"
    }
}

/// What a check says, before it is known of which statement.
struct TrustRemark {
    let message: String
    let remedy: String

    init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}
