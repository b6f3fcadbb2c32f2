/// Why the development stack could not do what was asked. The description is a sentence for its user.
package enum DevStackError: Error, Sendable, Equatable {
    /// A request to an address under `/_dev/` was not understood.
    case invalidRequest(String)
    /// The cryptography library failed.
    case cryptography(String)
    /// A listener, or the file that says where it is, could not be made.
    case start(String)
}

extension DevStackError: CustomStringConvertible {
    /// What happened and what to do.
    package var description: String {
        switch self {
        case .invalidRequest(let reason), .cryptography(let reason), .start(let reason): reason
        }
    }
}
