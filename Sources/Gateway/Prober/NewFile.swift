import Glibc
import Secrets

/// A file that did not exist before: one that does is never touched.
struct NewFile {
    let path: String
    /// Who may read it, such as 0o600.
    let mode: mode_t

    /// Writes `content` to the disk. What could not be written whole is removed.
    func write(_ content: Secret) throws(StartFailure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw StartFailure(
                errno == EEXIST
                    ? "\(path) is there already and is not overwritten: name another file, or remove it yourself"
                    : "cannot make \(path): \(String(errorNumber: errno))")
        }
        defer { close(descriptor) }
        // A key and its set are short: the system takes them in one call or not at all. The bytes are the secret's, for the call.
        let count = content.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
        guard count == content.count, fsync(descriptor) == 0 else {
            let reason = String(errorNumber: errno)
            remove()
            throw StartFailure("cannot write \(path): \(reason)")
        }
    }

    /// Removes what was just made.
    func remove() { _ = unsafe unlink(path) }
}
