/// A moment in UTC, as tokens (RFC 7519 NumericDate) and AWS (RFC 3339) write it.
///
/// A token's issuer chooses its numbers, so no arithmetic here traps: what leaves 64 bits of seconds stays at the end.
package struct Timestamp: Sendable, Hashable {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int64
    /// The rest, 0 to 999,999,999.
    package let nanoseconds: Int32

    /// Nanoseconds outside 0 to 999,999,999 are carried over to the seconds.
    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.init(total: Int128(seconds) * Self.nanosecondsPerSecond + Int128(nanoseconds))
    }

    private init(total: Int128) {
        let range = Self.nanosecondsPerSecond * Int128(Int64.min)...Self.nanosecondsPerSecond * Int128(Int64.max)
        let total = min(max(total, range.lowerBound), range.upperBound)
        let (quotient, remainder) = total.quotientAndRemainder(dividingBy: Self.nanosecondsPerSecond)
        let borrow: Int128 = remainder < 0 ? 1 : 0
        seconds = Int64(quotient - borrow)
        nanoseconds = Int32(remainder + borrow * Self.nanosecondsPerSecond)
    }

    /// Nanoseconds since 1970: 94 bits at most.
    private var total: Int128 { Int128(seconds) * Self.nanosecondsPerSecond + Int128(nanoseconds) }

    private static let nanosecondsPerSecond: Int128 = 1_000_000_000
}

extension Timestamp: Comparable {
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// The moment `duration` later, or earlier when it is negative. What is finer than a nanosecond is cut.
    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(total: moment.total + duration.attoseconds / 1_000_000_000)
    }

    /// The time from `earlier` to `later`, negative when they are the other way round.
    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        // Bounded, because `Duration.components` traps on more than 64 bits of seconds.
        let limit = nanosecondsPerSecond * Int128(Int64.max)
        let difference = min(max(later.total - earlier.total, -limit), limit)
        return Duration(attoseconds: difference * 1_000_000_000)
    }
}
