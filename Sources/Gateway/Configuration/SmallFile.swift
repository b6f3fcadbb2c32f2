import Glibc
import Secrets

/// A file of settings, a certificate or a key: small, and perhaps secret.
enum SmallFile {
    /// Reads up to 1 MiB into memory that is wiped.
    static func read(_ path: String) throws(StartFailure) -> Secret {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StartFailure("cannot read \(path): \(String(errorNumber: errno))") }
        defer { close(descriptor) }
        return try read(descriptor, called: path)
    }

    /// Reads what is left of an open file, up to 1 MiB; the descriptor stays the caller's.
    static func read(_ descriptor: Int32, called path: String) throws(StartFailure) -> Secret {
        var builder = SecretBuilder(capacity: 8192)
        var buffer = [UInt8](repeating: 0, count: 4096)
        // It held parts of the file, which may be a private key. The array is ours alone and lives to the function's end.
        defer { unsafe buffer.withUnsafeMutableBytes { unsafe wipe($0) } }
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw StartFailure("cannot read \(path): \(String(errorNumber: errno))") }
            guard count > 0 else { return builder.finish() }
            builder.append(buffer.span.extracting(..<count))
            guard builder.count <= 1 << 20 else {
                throw StartFailure("\(path) is larger than 1 MiB: is it the right file?")
            }
        }
    }
}

/// Overwrites bytes in a way that the optimiser keeps.
private func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    // The caller owns the bytes for the call.
    if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
}

extension String {
    /// The system's words for an error number.
    init(errorNumber: Int32) {
        // strerror's buffer is the thread's own, and is copied at once.
        self = unsafe String(cString: strerror(errorNumber))
    }
}
