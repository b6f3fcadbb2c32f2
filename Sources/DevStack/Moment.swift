import FoundationEssentials
package import StrictJSON

extension Timestamp {
    /// The system's clock, to the millisecond.
    package static var now: Timestamp {
        let milliseconds = Int64(Date().timeIntervalSince1970 * 1000)
        return Timestamp(seconds: milliseconds / 1000, nanoseconds: Int32(milliseconds % 1000) * 1_000_000)
    }
}
