/// What was found in the lines of an audit.
struct ChainReport: Sendable {
    /// How many lines are an audit's.
    var lines = 0
    /// How many times a chain begins.
    var chains = 0
    /// The last line of the last chain.
    var head: AuditHead?
    /// What nobody but a forger or a broken disk does, each with its place.
    var faults: [String] = []
    /// What an auditor should know and is no fault.
    var notes: [String] = []
}

/// Where a line stands.
struct LinePlace: Sendable, Hashable, CustomStringConvertible {
    let file: String
    /// Counted from 1.
    let number: Int

    var description: String { "\(file):\(number)" }
}
