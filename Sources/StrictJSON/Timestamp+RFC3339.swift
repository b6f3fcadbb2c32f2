extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with whole seconds: `2026-01-02T03:04:05Z`. A year that four digits cannot hold, which RFC 3339 has
    /// no word for, has a sign as in ISO 8601: `+10000-01-01T00:00:00Z`.
    package var description: String {
        var text = dateAndClock()
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// RFC 3339 in UTC with milliseconds: `2026-01-02T03:04:05.678Z`.
    package var rfc3339Milliseconds: String {
        var text = dateAndClock()
        text.append(UInt8(ascii: "."))
        text.append(Int64(nanoseconds) / 1_000_000, digits: 3)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    private func dateAndClock() -> [UInt8] {
        let (days, second) = seconds.flooredQuotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        if date.year < 0 { text.append(UInt8(ascii: "-")) }
        if date.year > 9999 { text.append(UInt8(ascii: "+")) }
        text.append(abs(date.year), digits: 4)
        let parts: [5 of (separator: UInt8, value: Int64)] = [
            (UInt8(ascii: "-"), date.month), (UInt8(ascii: "-"), date.day), (UInt8(ascii: "T"), second / 3600),
            (UInt8(ascii: ":"), second / 60 % 60), (UInt8(ascii: ":"), second % 60),
        ]
        for index in parts.indices {
            text.append(parts[index].separator)
            text.append(parts[index].value, digits: 2)
        }
        return text
    }
}

extension [UInt8] {
    /// Appends `value`, which is not negative, with zeros before it until it has `digits` digits.
    fileprivate mutating func append(_ value: Int64, digits: Int) {
        if value >= 10 || digits > 1 { append(value / 10, digits: digits - 1) }
        append(UInt8(ascii: "0") + UInt8(value % 10))
    }
}

extension Timestamp {
    /// Reads RFC 3339 with any offset and up to nanoseconds (further digits are cut). Nil for anything else: no such day, a
    /// leap second, lower-case letters, years before 1970.
    package init?(parsing text: some StringProtocol) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("T"), let hour = reader.digits(2), reader.take(":"),
            let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2)
        else { return nil }
        guard year >= 1970, hour < 24, minute < 60, second < 60 else { return nil }
        guard let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        // A day that the month does not have comes back as another.
        guard CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date else { return nil }
        let clock = hour * 3600 + minute * 60 + second - offset
        self.init(seconds: date.daysSinceEpoch * 86_400 + clock, nanoseconds: fraction)
    }
}

/// Reads the parts of an RFC 3339 text from its front.
private struct DigitReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// The value of the next `count` bytes; nil, and no step, when one of them is no digit.
    mutating func digits(_ count: Int) -> Int64? {
        guard bytes.count - position >= count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + count] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += count
        return value
    }

    /// Nanoseconds; 0 without a fraction, nil for a point without digits.
    mutating func fraction() -> Int32? {
        guard take(".") else { return 0 }
        guard let first = digits(1) else { return nil }
        var value = Int32(first) * 100_000_000
        var weight: Int32 = 10_000_000
        while let digit = digits(1) {
            value += Int32(digit) * weight
            weight /= 10
        }
        return value
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
