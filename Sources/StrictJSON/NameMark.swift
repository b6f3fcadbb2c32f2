/// What tells most names apart at a glance: the length, the first byte and the last. Names with the same bytes have the same mark;
/// the reverse needs a look at the bytes.
struct NameMark: Sendable, Equatable {
    private let bits: UInt32

    init(_ utf8: Span<UInt8>) {
        let count = utf8.count
        let ends = count == 0 ? 0 : UInt32(utf8[0]) << 8 | UInt32(utf8[count - 1])
        bits = UInt32(truncatingIfNeeded: count) << 16 | ends
    }
}
