import ClientHTTP
import Glibc
import Secrets

/// A file with secrets, written so that a kill at any moment leaves the old file or the new one, whole.
///
/// The `unsafe` calls here borrow a path as a C string for the call, or point to a local of the type that is filled.
struct SecretFile {
    private let folder: String
    private let name: String
    private let mode: FileMode
    private let isFolderPrivate: Bool

    /// The file at `path`, which does not end in `/`. `inPrivateFolder` refuses a folder that is not this user's alone.
    init(path: String, mode: FileMode, inPrivateFolder: Bool = false) {
        let slash = path.lastIndex(of: "/")
        name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
        folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        self.mode = mode
        isFolderPrivate = inPrivateFolder
    }

    /// Replaces the file by `content`. What stands at the path, a symbolic link too, is replaced and not followed.
    func write(_ content: Secret) throws(SecretFileError) {
        try write(content, in: openFolder())
    }

    /// The content; nil without a file, and for a symbolic link.
    func read() throws(SecretFileError) -> Secret? {
        try read(in: openFolder())
    }

    /// Replaces the file by what `change` makes of its content, which is nil where there is no file. Of several
    /// clients that do so at once, one goes after the other, and waits until `deadline`.
    func update(
        until deadline: Deadline, pause: (Duration) -> Void, _ change: (Secret?) throws(SecretFileError) -> Secret
    ) throws(SecretFileError) {
        let folder = try openFolder()
        guard FileLock.take(folder.descriptor, until: deadline, pause: pause) else {
            throw SecretFileError(
                step: "lock the folder \(folder.path)", reason: "another program held it until timeout had passed")
        }
        try write(change(read(in: folder)), in: folder)
    }

    /// Locks a file beside this one, which stays there empty; nil when `deadline` came first.
    func lock(until deadline: Deadline, pause: (Duration) -> Void) throws(SecretFileError) -> FileLock? {
        let folder = try openFolder()
        let descriptor = unsafe openat(
            folder.descriptor, ".\(name).lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw failed("open the lock in \(folder.path)") }
        return FileLock(owning: descriptor, until: deadline, pause: pause)
    }

    private func openFolder() throws(SecretFileError) -> Folder {
        let folder = try Folder.open(making: folder)
        guard folder.isPrivate || !isFolderPrivate else {
            throw SecretFileError(step: "use the folder \(folder.path)", reason: "others than this user may enter it")
        }
        return folder
    }

    private func write(_ content: Secret, in folder: Folder) throws(SecretFileError) {
        // 64 random bits: nobody can have planted that name. O_EXCL would find it out.
        let temporary = ".\(name.prefix(64)).\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let descriptor = folder.descriptor
        do throws(SecretFileError) {
            try fill(temporary, in: folder, with: content)
            guard unsafe renameat(descriptor, temporary, descriptor, name) == 0 else {
                throw failed("put the file in place")
            }
        } catch {
            unsafe unlinkat(descriptor, temporary, 0)
            throw error
        }
        // The rename itself must reach the disk. Some file systems cannot flush a folder and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failed("flush the folder \(folder.path)") }
    }

    private func fill(_ temporary: String, in folder: Folder, with content: Secret) throws(SecretFileError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe openat(folder.descriptor, temporary, flags, 0o600)
        guard descriptor >= 0 else { throw failed("create a file in \(folder.path)") }
        defer { close(descriptor) }
        guard content.withBytes({ Descriptor.write($0, to: descriptor) }) else { throw failed("write the file") }
        // Here and not in openat, whose mode the umask would change.
        guard fchmod(descriptor, mode.bits) == 0 else { throw failed("set the file's permissions") }
        guard fsync(descriptor) == 0 else { throw failed("flush the file") }
    }

    /// The file's content; nil without a file, and for a symbolic link, which is replaced whatever it names.
    private func read(in folder: Folder) throws(SecretFileError) -> Secret? {
        // A thousand profiles, and a bound on what someone else can make us read.
        let limit = 1024 * 1024
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let descriptor = unsafe openat(folder.descriptor, name, flags)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ELOOP { return nil }
            throw failed("read the file that is there")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SecretFileError(step: "read what is there", reason: "it is no file")
        }
        guard let content = Descriptor.readSecret(descriptor, limit: limit) else {
            throw failed("read the file that is there")
        }
        guard content.count <= limit else {
            throw SecretFileError(step: "add to the file that is there", reason: "it is larger than 1 MiB")
        }
        return content
    }

    private func failed(_ step: String) -> SecretFileError { SecretFileError(step: step, reason: Descriptor.reason()) }
}

/// Which step of writing failed, and the system's reason.
struct SecretFileError: Error, Equatable {
    let step: String
    let reason: String
}
