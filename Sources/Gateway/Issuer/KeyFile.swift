import Glibc
import Secrets

/// A file with a private key: a regular one that nobody else may read.
enum KeyFile {
    /// Reads the key.
    ///
    /// - Parameter allowsGroup: Takes a file that its group may read, as Kubernetes makes them for a pod's `fsGroup`.
    /// - Throws: what is wrong, as the rest of a sentence that begins with the file's name.
    static func read(_ path: String, allowsGroup: Bool) throws(KeyFileProblem) -> SigningKey {
        // Without O_NONBLOCK a pipe put in the file's place would hold us here for ever.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw KeyFileProblem("cannot be opened: \(String(errorNumber: errno))") }
        defer { close(descriptor) }
        var status = stat()
        // `status` is ours and lives through the call.
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw KeyFileProblem("cannot be looked at: \(String(errorNumber: errno))")
        }
        try check(status.st_mode, allowsGroup: allowsGroup)
        do throws(StartFailure) {
            let pem = try SmallFile.read(descriptor, called: path)
            return try key(in: pem)
        } catch {
            throw KeyFileProblem(error.description)
        }
    }

    /// Refuses a file that others than its owner can get at.
    static func check(_ mode: mode_t, allowsGroup: Bool) throws(KeyFileProblem) {
        guard mode & S_IFMT == S_IFREG else { throw KeyFileProblem("is not a regular file; remove it") }
        guard mode & S_IRWXO == 0 else {
            throw KeyFileProblem("may be read or written by everybody; chmod 600 it, and think of the key as known")
        }
        guard mode & S_IWGRP == 0 else { throw KeyFileProblem("may be written by its group; chmod 600 it") }
        guard mode & S_IRGRP == 0 || allowsGroup else {
            throw KeyFileProblem(
                "may be read by its group; chmod 600 it, or set issuer_keys_group_readable where the group is the gateway's alone, as a pod's fsGroup is"
            )
        }
    }

    private static func key(in pem: Secret) throws(StartFailure) -> SigningKey {
        do throws(SigningKeyFault) { return try SigningKey(pem: pem) } catch { throw StartFailure(error.description) }
    }
}

/// Why one key file cannot be used, with the remedy.
struct KeyFileProblem: Error, Sendable, Equatable {
    let message: String
    init(_ message: String) { self.message = message }
}
