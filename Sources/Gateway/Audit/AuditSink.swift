/// Where audit lines go. Both calls are made by one thread only and may block; nothing else may.
protocol AuditSink: Sendable {
    /// Makes sure that lines go where they should, and says what already stands there: once after each opening, the first
    /// one and each that a renamed or removed file made necessary. Nil while nothing changed.
    func prepare() throws(AuditSinkError) -> AuditTail?
    /// Appends `bytes` and returns when they are durable in the sink's sense.
    func append(_ bytes: [UInt8]) throws(AuditSinkError)
    /// What "durable" means here, for `/readyz` and the documentation.
    var durability: AuditDurability { get }
    /// What operators call it: `stdout` or the file's path.
    var name: String { get }
}

/// What a line that was accepted survives.
enum AuditDurability: String, Sendable {
    /// fdatasync has returned: it survives the node.
    case flushed
    /// write(2) took it: it survives the gateway, not the node.
    case written
}

/// How one sink is at a moment.
struct AuditSinkStatus: Sendable {
    let name: String
    let durability: AuditDurability
    /// The last line in it; nil before the first.
    let head: AuditHead?
    /// The time since lines became durable; nil before the first.
    let headAge: Duration?
    /// Records that are queued or being written.
    let waiting: Int
    /// Why it takes no records; nil while it does.
    let failure: String?
}

/// Why bytes could not be appended. The text names the sink and the system's reason.
struct AuditSinkError: Error, Sendable, CustomStringConvertible {
    let description: String
    /// How many of the bytes stand in the sink all the same, though perhaps not durably.
    let taken: Int

    init(_ description: String, taken: Int = 0) {
        self.description = description
        self.taken = taken
    }

    /// The same with the system's words for `code`.
    init(_ sentence: String, errorNumber code: Int32, taken: Int = 0) {
        self.init("\(sentence): \(String(errorNumber: code))", taken: taken)
    }
}
