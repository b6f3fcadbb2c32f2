import Glibc
import Threading

/// A sink over a file descriptor: an append-only file that is flushed, or standard output.
final class FileDescriptorSink: AuditSink {
    private let descriptor: Int32
    private let name: String
    let durability: AuditDurability
    /// Whether the last write stopped inside a line. The next one begins with a line feed, so that the torn line stays
    /// alone and no good line is lost to it.
    private let isTorn = Lock(false)

    /// Takes `descriptor` over when what it writes is to be flushed; else it stays the caller's.
    init(descriptor: Int32, name: String, durability: AuditDurability, isTorn: Bool = false) {
        self.descriptor = descriptor
        self.name = name
        self.durability = durability
        self.isTorn.withLock { $0 = isTorn }
    }

    /// Standard output. A line survives the gateway's death, not the node's.
    static func standardOutput() -> FileDescriptorSink {
        FileDescriptorSink(descriptor: STDOUT_FILENO, name: "standard output", durability: .written)
    }

    /// Opens or creates `path` for appending, mode 0600, and flushes its folder so that the name survives as well.
    static func file(_ path: String) throws(AuditSinkError) -> FileDescriptorSink {
        let descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw AuditSinkError("cannot open the audit file \(path)", errno) }
        let torn = try endsInsideLine(descriptor, path)
        try flushFolder(of: path)
        return FileDescriptorSink(descriptor: descriptor, name: path, durability: .flushed, isTorn: torn)
    }

    deinit {
        if durability == .flushed { close(descriptor) }
    }

    func append(_ lines: [UInt8]) throws(AuditSinkError) {
        let prefix: [UInt8] = isTorn.withLock { $0 } ? [UInt8(ascii: "\n")] : []
        try write(prefix + lines)
        guard durability == .flushed else { return }
        guard fdatasync(descriptor) == 0 else { throw AuditSinkError("cannot flush \(name)", errno) }
    }

    private func write(_ bytes: [UInt8]) throws(AuditSinkError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = errno
                let taken = bytes.count - rest.count
                if taken > 0 { isTorn.withLock { $0 = bytes[taken - 1] != UInt8(ascii: "\n") } }
                throw AuditSinkError("cannot write to \(name)", reason)
            }
            rest = rest.dropFirst(count)
        }
        isTorn.withLock { $0 = false }
    }

    private static func endsInsideLine(_ descriptor: Int32, _ path: String) throws(AuditSinkError) -> Bool {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw AuditSinkError("the audit file \(path) is no ordinary file", errno) }
        guard size > 0 else { return false }
        var last: UInt8 = 0
        let count = unsafe pread(descriptor, &last, 1, size - 1)
        guard count == 1 else { throw AuditSinkError("cannot read the audit file \(path)", errno) }
        return last != UInt8(ascii: "\n")
    }

    private static func flushFolder(of path: String) throws(AuditSinkError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AuditSinkError("cannot open the audit folder \(folder)", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw AuditSinkError("cannot flush the audit folder \(folder)", errno) }
    }
}

extension AuditSinkError {
    fileprivate init(_ sentence: String, _ code: Int32) {
        description = "\(sentence): \(String(errorNumber: code))"
    }
}
