import ExchangeCore
import StrictJSON

/// Where an emergency deny comes from; what any of them denies is denied. The raw value is its name in log, audit and metrics.
enum EmergencySource: String, Sendable, CaseIterable {
    /// The file of `emergency_deny`, this replica's own.
    case file
    /// The document in the shared store, everybody's.
    case store
}

/// What lies at a source: the bytes of a document, or that there is none.
enum EmergencyContent: Sendable, Equatable {
    case absent
    case bytes([UInt8])
    /// There is something, and it cannot be had; the text says why.
    case unreadable(String)

    /// An emergency is a few lines; 64 KiB are some hundred rules.
    static let maximumSize = 64 << 10
}

/// What an emergency source says.
enum EmergencyReading: Sendable {
    /// There is no document, so nothing is denied: the usual state.
    case absent
    case deny(EmergencyDeny)
    /// There is one, and nobody can say what it denies. So everything is denied.
    case faulty(cause: String)
    /// It was not reached since the start, so nobody knows whether there is one. Nothing is given until then.
    case unknown(cause: String)
}

extension EmergencyReading {
    /// Reads `content`, which is called `name` in faults.
    init(_ content: EmergencyContent, named name: String) {
        switch content {
        case .absent: self = .absent
        case .unreadable(let cause): self = .faulty(cause: cause)
        case .bytes(let bytes):
            do throws(PolicyFaults) {
                self = .deny(try Self.compile(bytes, named: name))
            } catch {
                self = .faulty(cause: error.description)
            }
        }
    }

    /// - Throws: every fault of the document at once.
    static func compile(_ bytes: [UInt8], named name: String) throws(PolicyFaults) -> EmergencyDeny {
        guard !bytes.isEmpty else {
            throw PolicyFaults(file: name, "it is empty; remove it, or write version: 1 and rules: [] for none")
        }
        return try EmergencyCompiler.compile(try YAMLReader.read(bytes, file: name))
    }

    /// The state in a word, for log, audit and pages.
    var word: String {
        switch self {
        case .absent: "absent"
        case .deny(let deny): deny.deniesAll ? "everything" : deny.ruleNames.isEmpty ? "nothing" : "rules"
        case .faulty: "faulty"
        case .unknown: "unknown"
        }
    }

    /// Whether nobody gets anything because of it.
    var stopsEverything: Bool {
        switch self {
        case .absent: false
        case .deny(let deny): deny.deniesAll
        case .faulty, .unknown: true
        }
    }

    /// The names of the rules that bind, `all` for `deny: all`.
    var ruleNames: [String] { if case .deny(let deny) = self { deny.ruleNames } else { [] } }

    /// SHA-256 of the document; nil without one that was understood.
    var digest: String? { if case .deny(let deny) = self { deny.digest } else { nil } }

    /// Why it cannot be understood or had; nil where it can.
    var cause: String? {
        switch self {
        case .absent, .deny: nil
        case .faulty(let cause), .unknown(let cause): cause
        }
    }
}
