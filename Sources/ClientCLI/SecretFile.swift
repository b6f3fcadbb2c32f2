import Glibc
import Secrets

/// A file with secrets, written so that a kill at any moment leaves the old file or the new one, whole.
///
/// The `unsafe` calls here borrow a path as a C string for the call, and nothing else.
struct SecretFile {
    private let folder: String
    private let name: String
    private let mode: FileMode

    /// The file at `path`, which does not end in `/`.
    init(path: String, mode: FileMode) {
        let slash = path.lastIndex(of: "/")
        name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
        folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        self.mode = mode
    }

    /// Replaces the file by `content`. What stands at the path, a symbolic link too, is replaced and not followed.
    func write(_ content: Secret) throws(SecretFileError) {
        try makeFolder(folder[...])
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed("open the folder \(folder)") }
        defer { close(descriptor) }
        // 64 random bits: nobody can have planted that name. O_EXCL would find it out.
        let temporary = ".\(name.prefix(64)).\(String(UInt64.random(in: .min ... .max), radix: 36))"
        do throws(SecretFileError) {
            try fill(temporary, in: descriptor, with: content)
            guard unsafe renameat(descriptor, temporary, descriptor, name) == 0 else {
                throw failed("put the file in place")
            }
        } catch {
            unsafe unlinkat(descriptor, temporary, 0)
            throw error
        }
        // The rename itself must reach the disk. Some file systems cannot flush a folder and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failed("flush the folder \(folder)") }
    }

    private func fill(_ temporary: String, in folder: Int32, with content: Secret) throws(SecretFileError) {
        let descriptor = unsafe openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed("create a file in \(self.folder)") }
        defer { close(descriptor) }
        guard content.withBytes({ Descriptor.write($0, to: descriptor) }) else { throw failed("write the file") }
        // Here and not in openat, whose mode the umask would change.
        guard fchmod(descriptor, mode.bits) == 0 else { throw failed("set the file's permissions") }
        guard fsync(descriptor) == 0 else { throw failed("flush the file") }
    }

    /// Makes the folder and those above it, readable by the owner alone. Those that exist stay as they are.
    private func makeFolder(_ path: Substring) throws(SecretFileError) {
        if unsafe mkdir(String(path), 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw failed("make the folder \(path)")
        }
        try makeFolder(path[..<slash])
        guard unsafe mkdir(String(path), 0o700) == 0 || errno == EEXIST else { throw failed("make the folder \(path)") }
    }

    private func failed(_ step: String) -> SecretFileError { SecretFileError(step: step, reason: Descriptor.reason()) }
}

/// Which step of writing failed, and the system's reason.
struct SecretFileError: Error, Equatable {
    let step: String
    let reason: String
}
