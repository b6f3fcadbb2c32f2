/// Where a writer puts its bytes: an array, or a buffer that is wiped.
package protocol ByteSink: ~Copyable {
    /// Appends one byte.
    mutating func append(_ byte: UInt8)
    /// Appends all of `bytes`.
    mutating func append(_ bytes: Span<UInt8>)
}

extension ByteSink where Self: ~Copyable {
    /// Appends the UTF-8 bytes of `text` as they are.
    package mutating func append(utf8 text: String) {
        for byte in text.utf8 { append(byte) }
    }
}

extension [UInt8]: ByteSink {
    package mutating func append(_ bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
    }
}
