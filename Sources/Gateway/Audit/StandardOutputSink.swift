import Glibc
import Threading

/// Lines on standard output, for whoever collects them. A line survives the gateway's death, not the node's.
final class StandardOutputSink: AuditSink {
    private let descriptor: Int32
    private let isOpened = Lock(false)
    let durability = AuditDurability.written
    let name = "stdout"

    /// `descriptor` stays the caller's.
    init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

    /// What others wrote to it before cannot be seen.
    func prepare() -> AuditTail? {
        isOpened.withLock { isOpened in
            defer { isOpened = true }
            return isOpened ? nil : AuditTail()
        }
    }

    func append(_ bytes: [UInt8]) throws(AuditSinkError) {
        try AuditDescriptor.write(bytes, to: descriptor, of: "standard output")
    }
}
