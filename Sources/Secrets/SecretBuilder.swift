/// Collects the bytes of a `Secret`. Each buffer it outgrows is wiped before it is freed.
@safe package struct SecretBuilder: ~Copyable {
    // Owned here until `release`; touched only through this value, so by one thread at a time.
    private var storage: UnsafeMutableBufferPointer<UInt8>

    /// The number of bytes so far.
    package private(set) var count = 0

    /// Reserves `capacity` bytes; more are made room for on demand.
    package init(capacity: Int = 256) {
        unsafe storage = .allocate(capacity: max(capacity, 1))
    }

    deinit {
        unsafe storage.wipeAndDeallocate()
    }

    /// Appends one byte.
    package mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe storage.initializeElement(at: count, to: byte)
        count += 1
    }

    /// Appends all of `bytes`.
    package mutating func append(_ bytes: Span<UInt8>) {
        guard bytes.count > 0 else { return }
        reserve(bytes.count)
        // Room for them was made; the span is alive for the call.
        unsafe bytes.withUnsafeBufferPointer { source in
            _ = unsafe UnsafeMutableBufferPointer(rebasing: storage[count...]).initialize(fromContentsOf: source)
        }
        count += bytes.count
    }

    /// The finished secret. Nothing is copied.
    package consuming func finish() -> Secret {
        let (storage, count) = unsafe release()
        return unsafe Secret(owning: storage, count: count)
    }

    /// Gives the buffer away and ends this value without wiping it.
    consuming func release() -> (UnsafeMutableBufferPointer<UInt8>, Int) {
        let result = unsafe (storage, count)
        discard self
        return unsafe result
    }

    private mutating func reserve(_ additional: Int) {
        let needed = count + additional
        guard unsafe needed > storage.count else { return }
        let larger = unsafe UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(needed, storage.count * 2))
        _ = unsafe larger.initialize(fromContentsOf: UnsafeBufferPointer(rebasing: storage[..<count]))
        unsafe storage.wipeAndDeallocate()
        unsafe storage = larger
    }
}
