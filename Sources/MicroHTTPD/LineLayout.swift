import CMicroHTTPD
import Glibc

/// Finds what libmicrohttpd 0.9.75 hides: folded lines, NUL bytes and lines ended by a bare LF.
///
/// That version parses in place. It writes zeros over each line's CR LF and hands out pointers into the block, so in a
/// well-formed request each line begins exactly two zeros behind the one before. A NUL cuts a value short and leaves
/// a longer gap, a bare LF leaves a gap of one, a folded line is copied elsewhere. Only addresses are compared, and
/// only bytes of the connection's own memory are read: behind the last line there is at least the memory that holds
/// the list of its fields. Other versions parse otherwise (and 1.0 refuses these itself), so there nothing is
/// checked.
///
/// Not seen: a bare LF at the end of the last line or of the empty line, which RFC 9112 section 2.2 lets a server
/// take.
@safe struct LineLayout {
    private var nextLine: UInt
    private(set) var isSound: Bool

    /// Whether the library that is loaded lays lines out this way.
    private static let isKnown = unsafe String(cString: MHD_get_version()) == "0.9.75"

    /// Begins with the request line, whose target ended at `targetEnd` and whose last part is `version`.
    init(targetEnd: UInt, version: UnsafePointer<CChar>) {
        let length = unsafe strlen(version)
        isSound = unsafe !Self.isKnown || (UInt(bitPattern: version) == targetEnd + 1 && version[length + 1] == 0)
        nextLine = UInt(bitPattern: version) + UInt(length) + 2
    }

    /// The next line, whose name begins at `name` and whose value of `length` bytes begins at `value`.
    mutating func next(name: UnsafePointer<CChar>, value: UnsafePointer<CChar>, length: Int) {
        guard Self.isKnown else { return }
        let endsWell = unsafe value[length] == 0 && value[length + 1] == 0
        isSound = isSound && UInt(bitPattern: name) == nextLine && endsWell
        nextLine = UInt(bitPattern: value) + UInt(length) + 2
    }
}
