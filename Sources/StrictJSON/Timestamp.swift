/// A moment in UTC, as tokens (RFC 7519 NumericDate) and AWS (RFC 3339) write it.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int64
    /// The rest, 0 to 999,999,999.
    package let nanoseconds: Int32

    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// The moment `duration` later.
    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int64(moment.nanoseconds) + attoseconds / 1_000_000_000
        let carry = nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -1
        return Timestamp(
            seconds: moment.seconds + seconds + carry, nanoseconds: Int32(nanoseconds - carry * 1_000_000_000))
    }

    /// The time from `earlier` to `later`, negative when they are the other way round.
    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .seconds(later.seconds - earlier.seconds)
            + .nanoseconds(Int64(later.nanoseconds) - Int64(earlier.nanoseconds))
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with whole seconds: `2026-01-02T03:04:05Z`.
    package var description: String { rfc3339(fraction: "") }

    /// RFC 3339 in UTC with milliseconds: `2026-01-02T03:04:05.678Z`.
    package var rfc3339Milliseconds: String {
        rfc3339(fraction: "." + Self.padded(Int64(nanoseconds) / 1_000_000, to: 3))
    }

    private func rfc3339(fraction: String) -> String {
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let second = seconds - days * 86_400
        let date = CivilDate(daysSinceEpoch: days)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, to: 2) }.joined(separator: ":")
        return Self.padded(date.year, to: 4) + "-" + Self.padded(date.month, to: 2) + "-" + Self.padded(date.day, to: 2)
            + "T" + clock + fraction + "Z"
    }

    private static func padded(_ value: Int64, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp {
    /// Reads RFC 3339 with any offset and up to nanoseconds (further digits are cut). Nil for anything else: no such day, a
    /// leap second, lower-case letters, years before 1970.
    package init?(parsing text: some StringProtocol) {
        var reader = DigitReader(rest: Array(text.utf8)[...])
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("T"), let hour = reader.digits(2), reader.take(":"),
            let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2)
        else { return nil }
        guard year >= 1970, hour < 24, minute < 60, second < 60 else { return nil }
        guard let fraction = reader.fraction(), let offset = reader.offset(), reader.rest.isEmpty else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date else { return nil }
        let clock = hour * 3600 + minute * 60 + second - offset
        self.init(seconds: date.daysSinceEpoch * 86_400 + clock, nanoseconds: fraction)
    }
}

/// A date of the proleptic Gregorian calendar. The arithmetic is the usual one with years that begin in March.
private struct CivilDate: Equatable {
    let year: Int64
    let month: Int64
    let day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Reads the parts of an RFC 3339 text from its front.
private struct DigitReader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int64? {
        guard rest.count >= count else { return nil }
        var value: Int64 = 0
        for byte in rest.prefix(count) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        rest.removeFirst(count)
        return value
    }

    /// Nanoseconds; 0 without a fraction, nil for a point without digits.
    mutating func fraction() -> Int32? {
        guard take(".") else { return 0 }
        var value: Int32 = 0
        var count = 0
        while let digit = digits(1) {
            if count < 9 { value = value * 10 + Int32(digit) }
            count += 1
        }
        for _ in min(count, 9)..<9 { value *= 10 }
        return count > 0 ? value : nil
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int64? {
        if take("Z") { return 0 }
        let sign: Int64 = take("+") ? 1 : -1
        guard sign == 1 || take("-") else { return nil }
        guard let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
