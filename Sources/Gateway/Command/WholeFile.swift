import Glibc

/// A file that appears whole: written beside its place and renamed. Others may read it, mode 0644.
struct WholeFile {
    /// What it is, for the error: `ready file`.
    let purpose: String
    let path: String

    func write(_ bytes: [UInt8]) throws(StartFailure) {
        // In a container the number is the same after each restart, and a killed process may have left its file: replace it.
        let temporary = "\(path).\(getpid())"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count, unsafe rename(temporary, path) == 0 else {
            let failure = failure()
            _ = unsafe unlink(temporary)
            throw failure
        }
    }

    private func failure() -> StartFailure {
        StartFailure("cannot write the \(purpose) \(path): \(String(errorNumber: errno))")
    }
}
