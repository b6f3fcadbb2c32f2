/// Why a session policy is refused. Each sentence names the statement, the element and the remedy, shows at most 64
/// characters of the document, all of them printable ASCII, and may be shown to whoever wrote it.
package enum SessionPolicyFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// It is not IAM's grammar, or uses what a session policy cannot.
    case malformed(String)
    /// It is longer than AWS takes, or than we read. The sentence holds both numbers.
    case tooLarge(String)
    /// It is well formed, but no proof can be built on it, or it does not do what its place promises: as a `ceiling` or
    /// as an `always`.
    case unsuitable(String)

    package var description: String {
        switch self {
        case .malformed(let sentence), .tooLarge(let sentence), .unsuitable(let sentence): sentence
        }
    }
}

/// Where a fault stands: the document, or a statement by its number from 1 and its Sid.
struct PolicyPlace: Sendable {
    let statement: Int?
    let sid: String?

    static let document = PolicyPlace(statement: nil, sid: nil)

    func fault(_ message: String) -> SessionPolicyFault { .malformed("\(words): \(message)") }

    /// The document has this grammar, but is in the wrong place.
    func unsuitable(_ message: String) -> SessionPolicyFault { .unsuitable("\(words): \(message)") }

    var words: String {
        guard let statement else { return "the session policy" }
        guard let sid, !sid.isEmpty else { return "statement \(statement)" }
        return "statement \(statement) (Sid \(sid.echoed(upTo: 24)))"
    }
}
