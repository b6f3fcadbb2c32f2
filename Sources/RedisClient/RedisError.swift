package import OutboundHTTP

/// Why a command has no answer. The texts are bounded, without control characters, and hold no password.
package enum RedisError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No connection, or none that lasted.
    case connection(OutboundFailure)
    /// The password cannot be had; the text says why.
    case password(String)
    /// The server does not let us in, or lacks the database.
    case refused(String)
    /// What came is not the protocol.
    case protocolError(String)
    /// Too many commands wait.
    case overloaded
    case closed

    /// Whether the server was silent.
    var isTimeout: Bool {
        if case .connection(let failure) = self, case .timedOut = failure { true } else { false }
    }

    package var description: String {
        switch self {
        case _ where isTimeout: "no answer in time"
        case .connection(let failure): "\(failure)"
        case .password(let reason): reason
        case .refused(let words): "the server says: \(words.printable)"
        case .protocolError(let what): "the server does not speak the Redis protocol: \(what)"
        case .overloaded: "too many commands wait for it"
        case .closed: "the client was shut down"
        }
    }
}

extension String {
    /// The front of what a server said, fit for a log.
    package var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(200).map { (0x20...0x7E).contains($0.value) ? $0 : "?" }))
    }
}
