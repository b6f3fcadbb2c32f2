/// What stands at the end of a sink when it is opened: where its chain can go on.
struct AuditTail: Sendable, Equatable {
    /// The last whole line; nil where there is none.
    var head: AuditHead?
    /// Bytes after it that are no line: a write that a crash or a full disk cut.
    var torn: [UInt8] = []
    /// Whether the last byte ends no line.
    var needsLineFeed = false
}

extension AuditTail {
    /// A line is under 16 KiB; the rest is room for what crashes left.
    private static let longestLook = 1 << 20

    /// Reads the end of an opened file.
    init(of descriptor: Int32, size: Int, name: String) throws(AuditSinkError) {
        let end = try AuditDescriptor.end(of: descriptor, size: size, limit: Self.longestLook, name: name)
        guard let tail = AuditTail(reading: end, isWhole: size <= Self.longestLook) else {
            throw AuditSinkError(
                "\(name) does not end in lines of an audit: move it away or name another file in the setting audit")
        }
        self = tail
    }

    /// Looks for the last line of an audit in the end of a file. Nil when there is none although the file holds lines.
    init?(reading end: [UInt8], isWhole: Bool) {
        needsLineFeed = end.last.map { $0 != UInt8(ascii: "\n") } ?? false
        // The first piece may be the end of a line.
        var stop = end.endIndex
        while stop > end.startIndex {
            let start = end[..<stop].dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? end.startIndex
            let line = end[start..<stop].last == UInt8(ascii: "\n") ? end[start..<(stop - 1)] : end[start..<stop]
            if start > end.startIndex || isWhole, let audited = AuditLine(line) {
                head = AuditHead(sequence: audited.sequence, line: line)
                torn = Array(end[stop...])
                return
            }
            stop = start
        }
        // The very first write may have been cut: one line without an end, and nothing before it.
        guard isWhole, !end.contains(UInt8(ascii: "\n")) else { return nil }
        torn = end
    }
}
