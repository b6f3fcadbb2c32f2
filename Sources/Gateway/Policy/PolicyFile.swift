import Foundation
import Glibc

/// Why one file of a policy cannot be read, with the remedy.
struct PolicyFileFault: Error {
    let message: String
}

/// What tells one version of a file from another without reading it.
struct FileMark: Sendable, Equatable {
    let name: String
    let device: UInt64
    let inode: UInt64
    let size: Int64
    /// The bytes of the time of its last change; only ever compared.
    let changed: [UInt8]

    /// Follows symbolic links. Nil for a file that is not there or cannot be reached.
    init?(name: String, path: String) {
        var status = stat()
        // `status` is ours and lives through the call.
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(name: name, status)
    }

    init(name: String, _ status: stat) {
        self.name = name
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        // Copied out of a value of ours, without a look at its members: a release build cannot agree on their module.
        changed = unsafe withUnsafeBytes(of: status.st_mtim) { unsafe Array($0) }
    }
}

/// Reads one whole file of a policy: a regular file within a size, that only its owner may write.
enum PolicyFile {
    static func read(_ path: String, atMost maximumSize: Int, allowsWritableByOthers: Bool) throws(PolicyFileFault)
        -> [UInt8]
    {
        // Without O_NONBLOCK a pipe put in the file's place would hold us here for ever.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw PolicyFileFault(message: "cannot be opened: \(errorText())") }
        // The handle closes the descriptor when it goes out of scope.
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try check(descriptor, maximumSize: maximumSize, allowsWritableByOthers: allowsWritableByOthers)
        do {
            let data = try handle.read(upToCount: maximumSize + 1) ?? Data()
            guard data.count <= maximumSize else { throw tooLarge(maximumSize) }
            return [UInt8](data)
        } catch let fault as PolicyFileFault {
            throw fault
        } catch {
            throw PolicyFileFault(message: "cannot be read: \(error)")
        }
    }

    private static func check(
        _ descriptor: Int32, maximumSize: Int, allowsWritableByOthers: Bool
    ) throws(PolicyFileFault) {
        var status = stat()
        // `status` is ours and lives through the call.
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw PolicyFileFault(message: "cannot be looked at: \(errorText())")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PolicyFileFault(message: "is not a regular file; remove it")
        }
        guard allowsWritableByOthers || status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw PolicyFileFault(
                message: "may be written by others than its owner; chmod go-w it, or set allow_writable_policy")
        }
        guard status.st_size <= maximumSize else { throw tooLarge(maximumSize) }
    }

    private static func tooLarge(_ maximumSize: Int) -> PolicyFileFault {
        PolicyFileFault(message: "is over \(maximumSize) bytes; split it")
    }

    private static func errorText() -> String {
        let code = errno
        // strerror's text is the C library's; it is copied at once.
        return unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
