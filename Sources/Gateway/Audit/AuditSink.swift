/// Where audit lines go. `append` is called by one thread only and may block; nothing else may.
protocol AuditSink: Sendable {
    /// Appends whole lines and returns when they are durable in the sink's sense.
    func append(_ lines: [UInt8]) throws(AuditSinkError)
    /// What "durable" means here, for `/readyz` and the documentation.
    var durability: AuditDurability { get }
}

/// What a line that was accepted survives.
enum AuditDurability: String, Sendable {
    /// fdatasync has returned: it survives the node.
    case flushed
    /// write(2) took it: it survives the gateway, not the node.
    case written
}

/// Why lines could not be appended. The text names the sink and the system's reason.
struct AuditSinkError: Error, Sendable, CustomStringConvertible {
    let description: String
}
