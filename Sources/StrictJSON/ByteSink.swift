/// Where a writer puts its bytes: an array, or a buffer that is wiped.
public protocol ByteSink: ~Copyable {
    /// Appends one byte.
    mutating func append(_ byte: UInt8)
    /// Appends all of `bytes`.
    mutating func append(_ bytes: Span<UInt8>)
}

extension ByteSink where Self: ~Copyable {
    /// Appends the UTF-8 bytes of `text` as they are.
    @inlinable public mutating func append(utf8 text: String) {
        append(text.utf8.span)
    }
}

extension [UInt8]: ByteSink {
    /// Appends all of `bytes`.
    @inlinable public mutating func append(_ bytes: Span<UInt8>) {
        // Not `reserveCapacity`: it would make room for exactly these bytes, and many small appends would take quadratic time.
        // The span is alive for the call, and its bytes are copied in it.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Copies the bytes of `span`. The copy is not wiped.
    package init(_ span: Span<UInt8>) {
        self.init()
        reserveCapacity(span.count)
        append(span)
    }
}
