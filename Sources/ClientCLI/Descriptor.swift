import Glibc
import Secrets

/// Whole writes to a file descriptor.
package enum Descriptor {
    /// Writes all of `text`; false when that failed.
    package static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(Array(text.utf8).span, to: descriptor)
    }

    /// Writes all of `bytes`; false when that failed, and errno says why.
    package static func write(_ bytes: Span<UInt8>, to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            // write reads the rest of a buffer that lives through the call.
            let count = unsafe bytes.withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress?.advanced(by: written), rest.count - written)
            }
            if count < 0, errno != EINTR { return false }
            written += max(0, count)
        }
        return true
    }

    /// Reads the file at `path`, at most `limit` bytes of it and one more; nil and errno when that failed.
    /// A pipe or a terminal is not waited for.
    static func readFile(_ path: String, limit: Int) -> [UInt8]? {
        // The path is borrowed as a C string for the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            // read writes at most the rest of an array that lives through the call.
            let more = unsafe bytes.withUnsafeMutableBytes { rest in
                unsafe read(descriptor, rest.baseAddress?.advanced(by: count), rest.count - count)
            }
            if more < 0, errno == EINTR { continue }
            if more < 0 { return nil }
            if more == 0 { break }
            count += more
        }
        return Array(bytes[..<count])
    }

    /// Reads the rest of `descriptor`, at most `limit` bytes and a few more; nil and errno when that failed.
    static func readSecret(_ descriptor: Int32, limit: Int) -> Secret? {
        var content = SecretBuilder(capacity: 4096)
        var buffer = [UInt8](repeating: 0, count: 4096)
        defer { wipe(&buffer) }
        while content.count <= limit {
            // read writes at most the size of an array that lives through the call.
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            content.append(buffer.span.extracting(..<count))
        }
        return content.finish()
    }

    private static func wipe(_ buffer: inout [UInt8]) {
        // Overwrites the array's own bytes, alive and unshared, in a way that the optimiser keeps.
        unsafe buffer.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
        }
    }

    /// The C library's words for `errno`.
    static func reason(_ code: Int32 = errno) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        // The POSIX form: writes at most the buffer's size, NUL included.
        guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
