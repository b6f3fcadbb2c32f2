import CMicroHTTPD
import Glibc

/// Finds what libmicrohttpd 0.9.75 hides: folded lines, NUL bytes, lines ended by a bare LF, and a field without a
/// name, which it takes for the end of the header.
///
/// That version parses in place. It writes zeros over each line's CR LF and hands out pointers into the block, so in a
/// well-formed request each line begins exactly two zeros behind the one before, and the last is followed by four. A
/// NUL cuts a value short and leaves a longer gap, a bare LF leaves a gap of one, a folded line is copied elsewhere.
/// Addresses are compared, and at most four bytes behind a line are read: those are the connection's own memory, whose
/// end holds the list of the fields. Other versions parse otherwise (1.0 refuses these itself), so there nothing is
/// checked.
///
/// Not seen: a bare LF that ends the empty line, which RFC 9112 section 2.2 lets a server take, and a line that is
/// nothing but a colon; what follows such a line is read as a next request and must be a well-formed one.
@safe struct LineLayout {
    private var isSound: Bool
    // Into the connection's memory, which outlives the callback that this value lives in.
    private var lastEnd: UnsafePointer<CChar>

    /// Whether the library that is loaded lays lines out this way.
    private static let isKnown = unsafe String(cString: MHD_get_version()) == "0.9.75"

    /// Begins with the request line, whose target ended at `targetEnd` and whose last part is `version`.
    init(targetEnd: UInt, version: UnsafePointer<CChar>) {
        isSound = UInt(bitPattern: version) == targetEnd + 1
        unsafe lastEnd = version + strlen(version)
    }

    /// The next line, whose name begins at `name` and whose value of `length` bytes begins at `value`.
    mutating func next(name: UnsafePointer<CChar>, value: UnsafePointer<CChar>, length: Int) {
        isSound = unsafe isSound && name == lastEnd + 2 && endsWithZeros(2)
        unsafe lastEnd = value + length
    }

    /// Whether all lines were as they should be. Asked when there is no next.
    var isWhole: Bool { !Self.isKnown || (isSound && endsWithZeros(4)) }

    private func endsWithZeros(_ count: Int) -> Bool {
        (0..<count).allSatisfy { unsafe lastEnd[$0] == 0 }
    }
}
