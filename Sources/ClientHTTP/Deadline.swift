import Glibc

/// A moment on the monotonic clock by which something must be over.
package struct Deadline: Sendable, Comparable {
    private let nanoseconds: Int64

    /// The moment `duration` from now; a moment already past when it is negative.
    package static func after(_ duration: Duration) -> Deadline {
        let (seconds, attoseconds) = duration.components
        let ahead = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let step = ahead.overflow ? Int64.max / 2 : ahead.partialValue + attoseconds / 1_000_000_000
        return Deadline(nanoseconds: Self.now + min(step, Int64.max / 2))
    }

    /// The time left, never negative.
    package var remaining: Duration { .nanoseconds(max(0, nanoseconds - Self.now)) }

    /// Whether the moment has come.
    package var isPast: Bool { nanoseconds <= Self.now }

    package static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time left for poll(2): whole milliseconds, rounded up so that a poll does not return just before the moment.
    var pollTimeout: Int32 {
        let left = max(0, nanoseconds - Self.now)
        return Int32(clamping: left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0))
    }

    private static var now: Int64 {
        var time = timespec()
        // CLOCK_MONOTONIC always exists on Linux; the pointer is to a local.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
