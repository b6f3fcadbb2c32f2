import Glibc
import Secrets

/// The buffer into which a connection reads. It holds tokens and credentials for a moment, so it is wiped at the end.
@safe final class ScratchBuffer {
    /// A TLS record's size: more would not be filled.
    static let capacity = 16_384

    // Allocated in init, wiped and freed in deinit; used by the one thread that owns the stream.
    private let storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: ScratchBuffer.capacity)

    init() { unsafe storage.initialize(repeating: 0) }

    deinit {
        if let start = unsafe storage.baseAddress { unsafe explicit_bzero(start, Self.capacity) }
        unsafe storage.deallocate()
    }

    /// Calls `body` with the buffer; `body` returns how many bytes it wrote there, or a negative number for an error.
    /// The result is a copy of those bytes, or nil for zero or an error.
    func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int) -> (count: Int, bytes: Secret?) {
        let count = unsafe body(UnsafeMutableRawBufferPointer(storage))
        guard count > 0 else { return (count, nil) }
        return (count, Secret(unsafe UnsafeBufferPointer(rebasing: storage[..<count]).span))
    }
}
