import Glibc

/// Bytes that no log, error, metric or encoder may see: a token, a secret key, a session token.
///
/// A class, so that handing it to a task or a continuation does not copy the bytes. It has no `Codable` and no
/// `String` accessor; `description`, `debugDescription` and its `Mirror` are redacted. The bytes are wiped when the
/// last reference goes. What is not wiped is listed in docs/threat-model.md.
@safe package final class Secret: Sendable {
    // Allocated in init, freed in deinit, written by nobody in between: reading from any thread is safe.
    nonisolated(unsafe) private let storage: UnsafeMutableBufferPointer<UInt8>

    /// The number of bytes.
    package let count: Int

    /// Takes over a buffer made by `SecretBuilder`, of which the first `count` bytes are initialised.
    init(owning storage: UnsafeMutableBufferPointer<UInt8>, count: Int) {
        unsafe self.storage = unsafe storage
        self.count = count
    }

    /// Copies `bytes`. The caller's copy stays as it is: wipe or forget it.
    package convenience init(_ bytes: Span<UInt8>) {
        var builder = SecretBuilder(capacity: bytes.count)
        builder.append(bytes)
        let (storage, count) = unsafe builder.release()
        unsafe self.init(owning: storage, count: count)
    }

    /// Copies the UTF-8 bytes of `text`.
    package convenience init(_ text: String) {
        self.init(Array(text.utf8).span)
    }

    deinit {
        unsafe storage.wipeAndDeallocate()
    }

    /// Whether there are no bytes.
    package var isEmpty: Bool { count == 0 }

    /// Opens the secret for the duration of `body`. The span cannot leave it; a copy made inside is the caller's to guard.
    package func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The pointer is alive for the call because `self` is.
        let initialized = unsafe UnsafeBufferPointer(rebasing: storage[..<count])
        return try body(unsafe initialized.span)
    }
}

extension Secret: Equatable {
    /// Compares all bytes whatever differs first, so that the time taken tells only the lengths.
    package static func == (left: Secret, right: Secret) -> Bool {
        guard left.count == right.count else { return false }
        return left.withBytes { left in
            right.withBytes { right in
                var difference: UInt8 = 0
                for index in left.indices { difference |= left[index] ^ right[index] }
                return difference == 0
            }
        }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<secret>`.
    package var description: String { "<secret>" }
    /// Always `<secret>`.
    package var debugDescription: String { description }
    /// Shows no children, so that `dump` and string interpolation of an enclosing type stay silent.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// Overwrites all bytes in a way that the optimiser keeps, then frees them. The owner calls it once, last.
    func wipeAndDeallocate() {
        if let start = baseAddress { unsafe explicit_bzero(start, count) }
        unsafe deallocate()
    }
}
