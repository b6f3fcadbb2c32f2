import Glibc
import Threading

/// Lines in a file that is only ever appended to, flushed, and this process's alone.
///
/// A file that was renamed, removed or cut is noticed before the next lines: they go to a new one of the configured name.
final class AuditFile: AuditSink {
    private let path: String
    private let opened: Lock<OpenedFile>
    let durability = AuditDurability.flushed
    var name: String { path }

    private struct OpenedFile {
        var descriptor: Int32
        var length: Int
        /// What was found at the opening, until `prepare` has told it.
        var found: AuditTail?
    }

    /// Opens or creates `path`, mode 0600, and looks at what stands in it.
    init(_ path: String) throws(AuditSinkError) {
        self.path = path
        opened = Lock(try Self.open(path))
    }

    deinit { close(opened.withLock { $0.descriptor }) }

    func prepare() throws(AuditSinkError) -> AuditTail? {
        let current = opened.withLock { opened in
            defer { opened.found = nil }
            return opened
        }
        if let found = current.found { return found }
        var (here, named) = (stat(), stat())
        // Both are ours and live through the calls.
        guard unsafe fstat(current.descriptor, &here) == 0, unsafe lstat(path, &named) == 0,
            here.st_dev == named.st_dev, here.st_ino == named.st_ino
        else { return try replace(current) }
        guard here.st_mode & S_IFMT == S_IFREG, here.st_size < current.length else { return nil }
        // Cut in place, as logrotate's copytruncate does.
        opened.withLock { $0.length = Int(here.st_size) }
        return try AuditTail(of: current.descriptor, size: Int(here.st_size), name: path)
    }

    func append(_ bytes: [UInt8]) throws(AuditSinkError) {
        let descriptor = opened.withLock { $0.descriptor }
        do throws(AuditSinkError) {
            try AuditDescriptor.write(bytes, to: descriptor, of: path)
        } catch {
            opened.withLock { $0.length += error.taken }
            throw error
        }
        opened.withLock { $0.length += bytes.count }
        guard fdatasync(descriptor) == 0 else {
            throw AuditSinkError("cannot flush \(path)", errorNumber: errno, taken: bytes.count)
        }
    }

    private func replace(_ current: OpenedFile) throws(AuditSinkError) -> AuditTail? {
        var next = try Self.open(path)
        let found = next.found
        next.found = nil
        opened.withLock { $0 = next }
        close(current.descriptor)
        return found
    }

    private static func open(_ path: String) throws(AuditSinkError) -> OpenedFile {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw AuditSinkError("cannot open the audit file \(path)", errorNumber: errno) }
        do throws(AuditSinkError) {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                throw AuditSinkError(
                    "another process writes the audit file \(path): give each replica a file of its own")
            }
            let size = Int(lseek(descriptor, 0, SEEK_END))
            guard size >= 0 else {
                throw AuditSinkError("the audit file \(path) is no ordinary file", errorNumber: errno)
            }
            let found = try AuditTail(of: descriptor, size: size, name: path)
            try AuditDescriptor.flushFolder(of: path)
            return OpenedFile(descriptor: descriptor, length: size, found: found)
        } catch {
            close(descriptor)
            throw error
        }
    }
}
