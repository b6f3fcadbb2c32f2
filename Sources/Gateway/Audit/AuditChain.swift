import StrictJSON

/// The lines of one sink, each with the SHA-256 of the one before: what is changed, removed or put elsewhere afterwards shows.
///
/// It knows what stands in the sink, not only what was accepted: after a write that was cut, it goes on from the last whole line
/// and names the torn bytes. One thread owns it.
struct AuditChain {
    private let origin: AuditOrigin
    private let durability: AuditDurability
    /// The last whole line in the sink.
    private(set) var head: AuditHead?
    /// What stands after it and is no line.
    private var torn = TornBytes()
    /// Whether the last byte in the sink ends no line.
    private var needsLineFeed = false
    /// The line about the log itself that must come first.
    private var opening: AuditOpening?
    private var hasStarted = false

    init(origin: AuditOrigin, durability: AuditDurability) {
        self.origin = origin
        self.durability = durability
    }

    /// Goes on where a sink that was just opened ends. The first opening takes the chain over that is found; a later one
    /// keeps its own, because the lines before stand in the file that was moved.
    mutating func open(at tail: AuditTail) {
        torn = TornBytes()
        torn.add(tail.torn)
        needsLineFeed = tail.needsLineFeed
        opening = hasStarted ? .rotated : .start
        if !hasStarted { head = tail.head }
    }

    /// The bytes to append for `bodies`. They belong to the chain only by `settle`.
    func link(_ bodies: [AuditBody]) -> AuditBatch {
        var batch = AuditBatch(bytes: needsLineFeed ? [UInt8(ascii: "\n")] : [])
        var (torn, head) = (torn, head)
        torn.end(by: batch.bytes)
        if let opening { append(origin.body(of: opening, durability, torn: torn.mark), after: &head, to: &batch) }
        for body in bodies { append(body, after: &head, to: &batch) }
        return batch
    }

    /// Takes note of how many bytes of `batch` stand in the sink: all, or what a failed write left.
    mutating func settle(_ batch: AuditBatch, taken: Int, isDurable: Bool) {
        if !isDurable, hasStarted { opening = .resumed }
        guard taken > 0 else { return }
        var rest = 0
        if needsLineFeed {
            torn.end(by: batch.bytes.prefix(1))
            rest = 1
        }
        needsLineFeed = batch.bytes[taken - 1] != UInt8(ascii: "\n")
        // A line that lacks its line feed only is whole: the next batch begins with it.
        if let last = batch.lines.last(where: { $0.end - 1 <= taken }) {
            (head, torn, rest) = (last.head, TornBytes(), min(last.end, taken))
            hasStarted = true
            opening = isDurable ? nil : .resumed
        }
        torn.add(batch.bytes[rest..<taken])
    }

    private func append(_ body: AuditBody, after head: inout AuditHead?, to batch: inout AuditBatch) {
        let start = batch.bytes.count
        let sequence = (head?.sequence ?? 0) + 1
        batch.bytes += body.openObject
        batch.bytes += origin.replicaMember
        batch.bytes.append(utf8: ",\"sequence\":\(sequence)")
        if let head { batch.bytes.append(utf8: ",\"previous\":\"\(head.digest)\"") }
        batch.bytes.append(UInt8(ascii: "}"))
        head = AuditHead(sequence: sequence, line: batch.bytes[start...])
        batch.bytes.append(UInt8(ascii: "\n"))
        if let head { batch.lines.append(AuditBatch.Line(end: batch.bytes.count, head: head)) }
    }
}

/// Lines to be appended at once.
struct AuditBatch {
    struct Line {
        /// The count of bytes up to the end of the line.
        let end: Int
        let head: AuditHead
    }

    var bytes: [UInt8]
    var lines: [Line] = []
}

/// The lines that the log writes about itself; the raw value is their `outcome`.
enum AuditOpening: String, Sendable {
    /// The first line of a process.
    case start
    /// The first line after a failure of the sink.
    case resumed
    /// The first line of a file that took the place of one that was renamed, removed or cut.
    case rotated
}

/// Who writes the lines.
struct AuditOrigin: Sendable {
    /// The member `replica`, with its comma.
    fileprivate let replicaMember: [UInt8]
    private let bootID: String?
    private let now: @Sendable () -> Timestamp

    /// `bootID` tells one start of the machine from another; nil where the system does not say.
    init(replica: String, bootID: String?, now: @escaping @Sendable () -> Timestamp) {
        replicaMember = Array(",\"replica\":".utf8) + JSONValue.string(replica).bytes
        self.bootID = bootID
        self.now = now
    }

    fileprivate func body(of opening: AuditOpening, _ durability: AuditDurability, torn: TornMark?) -> AuditBody {
        var writer = AuditWriter(at: now())
        writer.member("outcome", opening.rawValue)
        writer.member("version", Version.number)
        writer.member("boot_id", bootID)
        writer.member("durability", durability.rawValue)
        writer.member("torn_bytes", torn?.bytes)
        writer.member("torn_sha256", torn?.digest)
        return writer.finish()
    }
}
