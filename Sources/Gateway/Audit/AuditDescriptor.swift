import Glibc

/// The system calls under the sinks, over a descriptor that its sink owns.
enum AuditDescriptor {
    /// Writes all of `bytes`. An error says how many were taken before it.
    static func write(_ bytes: [UInt8], to descriptor: Int32, of name: String) throws(AuditSinkError) {
        var taken = 0
        while taken < bytes.count {
            // The slice lives for the call, which reads no further than its count.
            let count = unsafe bytes[taken...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw AuditSinkError("cannot write to \(name)", errorNumber: errno, taken: taken) }
            taken += count
        }
    }

    /// The last `limit` bytes of a file of `size` bytes.
    static func end(of descriptor: Int32, size: Int, limit: Int, name: String) throws(AuditSinkError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(size, limit))
        var read = 0
        while read < bytes.count {
            let offset = off_t(size - bytes.count + read)
            // The array is ours and lives for the call, which writes no further than its count.
            let count = unsafe bytes[read...].withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, $0.count, offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw AuditSinkError("cannot read the end of \(name)", errorNumber: errno) }
            read += count
        }
        return bytes
    }

    /// Makes the names in the folder of `path` survive the node.
    static func flushFolder(of path: String) throws(AuditSinkError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw AuditSinkError("cannot open the audit folder \(folder)", errorNumber: errno)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw AuditSinkError("cannot flush the audit folder \(folder)", errorNumber: errno)
        }
    }
}
