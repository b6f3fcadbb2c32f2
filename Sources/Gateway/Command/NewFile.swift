import Glibc
import Secrets

/// A file that did not exist before and appears whole: one that does exist is never touched.
struct NewFile {
    let path: String
    /// Who may read it, such as 0o600.
    let mode: mode_t

    /// Writes `content` to the disk beside its place, and gives it its name when it is there.
    func write(_ content: Secret) throws(StartFailure) {
        // In a container the number is the same after each restart, and a killed process may have left its file.
        let temporary = "\(path).\(getpid())"
        _ = unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw StartFailure("cannot make \(path): \(String(errorNumber: errno))") }
        defer {
            close(descriptor)
            _ = unsafe unlink(temporary)
        }
        // A key and its set are short: the system takes them in one call or not at all. The bytes are the secret's, for the call.
        let count = content.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
        guard count == content.count, fsync(descriptor) == 0 else {
            throw StartFailure("cannot write \(path): \(String(errorNumber: errno))")
        }
        // Unlike a rename, a link takes nobody's place.
        guard unsafe link(temporary, path) == 0 else {
            throw StartFailure(
                errno == EEXIST
                    ? "\(path) is there already and is not overwritten: name another file, or remove it yourself"
                    : "cannot make \(path): \(String(errorNumber: errno))")
        }
    }

    /// Removes what was just made.
    func remove() { _ = unsafe unlink(path) }
}
