import Glibc

/// An open folder, closed with the last reference.
///
/// The `unsafe` calls here borrow a path as a C string for the call, or point to a local of the type that is filled.
final class Folder {
    let path: String
    let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Opens the folder at `path`, and makes it and those above it, for the owner alone, where they are missing.
    /// Those that exist stay as they are. In what was missing no symbolic link is followed.
    static func open(making path: String) throws(SecretFileError) -> Folder {
        if let folder = try existing(path) { return folder }
        let slash = path.lastIndex(of: "/")
        guard slash.map({ path[path.index(after: $0)...] }) != "" else {
            return try open(making: String(path.dropLast()))
        }
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        return try open(making: parent).make(path)
    }

    private static func existing(_ path: String) throws(SecretFileError) -> Folder? {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 { return Folder(path: path, descriptor: descriptor) }
        guard errno == ENOENT, path != "/", path != "." else { throw failed("open the folder \(path)") }
        return nil
    }

    private func make(_ path: String) throws(SecretFileError) -> Folder {
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        // Another step may have been faster; a link it put there is not followed.
        guard unsafe mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else {
            throw Self.failed("make the folder \(path)")
        }
        let made = unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard made >= 0 else { throw Self.failed("open the folder \(path)") }
        return Folder(path: path, descriptor: made)
    }

    /// Whether the folder is this user's own and nobody else can enter it.
    var isPrivate: Bool {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return false }
        return status.st_uid == geteuid() && status.st_mode & 0o077 == 0
    }

    private static func failed(_ step: String) -> SecretFileError {
        SecretFileError(step: step, reason: Descriptor.reason())
    }
}
