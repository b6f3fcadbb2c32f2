import StrictJSON
import Testing

@Suite struct TimestampTextTests {
    /// Seconds since 1970 as `date -u -d @N` writes them.
    private static let moments: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00Z"), (59, "1970-01-01T00:00:59Z"), (86_399, "1970-01-01T23:59:59Z"),
        (86_400, "1970-01-02T00:00:00Z"), (68_169_600, "1972-02-29T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (951_868_799, "2000-02-29T23:59:59Z"), (951_868_800, "2000-03-01T00:00:00Z"),
        (1_704_067_199, "2023-12-31T23:59:59Z"), (1_709_164_800, "2024-02-29T00:00:00Z"),
        (1_767_323_045, "2026-01-02T03:04:05Z"), (2_147_483_647, "2038-01-19T03:14:07Z"),
        (2_147_483_648, "2038-01-19T03:14:08Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ]

    @Test(arguments: moments) func `writes and reads a moment`(seconds: Int64, text: String) {
        #expect("\(Timestamp(seconds: seconds))" == text)
        #expect(Timestamp(parsing: text) == Timestamp(seconds: seconds))
    }

    @Test(arguments: [
        (-1, "1969-12-31T23:59:59Z"), (-86_400, "1969-12-31T00:00:00Z"), (-86_401, "1969-12-30T23:59:59Z"),
        (-62_167_219_200, "0000-01-01T00:00:00Z"), (-62_167_219_201, "-0001-12-31T23:59:59Z"),
        (253_402_300_800, "+10000-01-01T00:00:00Z"), (Int64.max, "+292277026596-12-04T15:30:07Z"),
        (Int64.min, "-292277022657-01-27T08:29:52Z"),
    ])
    func `writes the moments that it does not read`(seconds: Int64, text: String) {
        #expect("\(Timestamp(seconds: seconds))" == text)
        #expect(Timestamp(parsing: text) == nil)
    }

    @Test(
        arguments: [
            ("1970-01-01T01:00:00+01:00", 0, 0), ("1969-12-31T23:00:00-01:00", nil, 0),
            ("1970-01-01T00:00:00+00:01", -60, 0),
            ("2026-01-02T05:34:05+02:30", 1_767_323_045, 0), ("2026-01-01T03:05:05-23:59", 1_767_323_045, 0),
            ("2026-01-02T03:04:05-00:00", 1_767_323_045, 0), ("2026-01-02T03:04:05.0Z", 1_767_323_045, 0),
            ("2026-01-02T03:04:05.5Z", 1_767_323_045, 500_000_000),
            ("2026-01-02T03:04:05.678Z", 1_767_323_045, 678_000_000),
            ("2026-01-02T03:04:05.000000001Z", 1_767_323_045, 1),
            ("2026-01-02T03:04:05.999999999Z", 1_767_323_045, 999_999_999),
            ("2026-01-02T03:04:05.9999999999999999999Z", 1_767_323_045, 999_999_999),
            ("2026-01-02T03:04:05.25+00:00", 1_767_323_045, 250_000_000),
        ] as [(String, Int64?, Int32)])
    func `reads offsets and fractions`(text: String, seconds: Int64?, nanoseconds: Int32) {
        #expect(Timestamp(parsing: text) == seconds.map { Timestamp(seconds: $0, nanoseconds: nanoseconds) })
    }

    @Test(arguments: [
        "", "2026", "2026-01-02", "2026-01-02T03:04Z", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z",
        "2026-01-02t03:04:05Z",
        "2026-01-02T03:04:05z", "2026-01-02T03:04:05Z ", " 2026-01-02T03:04:05Z", "2026-01-02T03:04:05ZZ",
        "2026-1-02T03:04:05Z", "026-01-02T03:04:05Z", "12026-01-02T03:04:05Z", "+2026-01-02T03:04:05Z",
        "2026-00-02T03:04:05Z", "2026-13-02T03:04:05Z", "2026-99-02T03:04:05Z", "2026-01-00T03:04:05Z",
        "2026-01-32T03:04:05Z", "2026-04-31T03:04:05Z", "2026-02-29T03:04:05Z", "2100-02-29T03:04:05Z",
        "2024-02-30T03:04:05Z",
        "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2016-12-31T23:59:60Z", "2026-01-02T03:04:61Z",
        "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05,5Z", "2026-01-02T03:04:05.5", "2026-01-02T03:04:05.-5Z",
        "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+01:60", "2026-01-02T03:04:05+0100", "2026-01-02T03:04:05+01",
        "2026-01-02T03:04:05+1:00", "2026-01-02T03:04:05 Z", "1969-12-31T23:59:59Z", "2026-01-02T03:04:0\u{665}Z",
        "2026-01-02T-3:04:05Z", "2026-01-02T03:04:05Z\0", "20260102T030405Z", "1767323045",
    ])
    func `refuses what is no moment`(text: String) {
        #expect(Timestamp(parsing: text) == nil)
    }

    @Test func `reads a part of a text`() {
        #expect(Timestamp(parsing: "[1970-01-01T00:00:07Z]".dropFirst().dropLast()) == Timestamp(seconds: 7))
    }

    @Test func `writes milliseconds, cut and not rounded`() {
        #expect(Timestamp(seconds: 0, nanoseconds: 999_999_999).rfc3339Milliseconds == "1970-01-01T00:00:00.999Z")
        #expect(Timestamp(seconds: 0, nanoseconds: 5_000_000).rfc3339Milliseconds == "1970-01-01T00:00:00.005Z")
        #expect(Timestamp(seconds: 0).rfc3339Milliseconds == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(seconds: -1, nanoseconds: 1_000_000).rfc3339Milliseconds == "1969-12-31T23:59:59.001Z")
    }

    @Test func `knows each day of 140 years by counting`() {
        var day = Int64(0)
        for year in 1970..<2110 {
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for date in 1...length {
                    let moment = Timestamp(seconds: day * 86_400 + 45_296)
                    let text =
                        "\(year)-\(month + 1 < 10 ? "0" : "")\(month + 1)-\(date < 10 ? "0" : "")\(date)T12:34:56Z"
                    // Not #expect in each round: 50,000 expectations take many seconds.
                    if moment.description != text || Timestamp(parsing: text) != moment {
                        Issue.record("\(text) is not \(moment)")
                        return
                    }
                    day += 1
                }
            }
        }
        #expect(day == 51_134)
    }
}

@Suite struct TimestampArithmeticTests {
    private let moment = Timestamp(seconds: 100, nanoseconds: 250_000_000)

    @Test(
        arguments: [
            (.seconds(0), 100, 250_000_000), (.seconds(5), 105, 250_000_000), (.seconds(-100), 0, 250_000_000),
            (.seconds(-101), -1, 250_000_000), (.milliseconds(750), 101, 0), (.milliseconds(749), 100, 999_000_000),
            (.milliseconds(-250), 100, 0), (.milliseconds(-251), 99, 999_000_000), (.milliseconds(-1250), 99, 0),
            (.milliseconds(-1251), 98, 999_000_000), (.nanoseconds(1), 100, 250_000_001),
            (.nanoseconds(-1), 100, 249_999_999),
            (Duration(attoseconds: 999_999_999), 100, 250_000_000), (.seconds(86_400 * 365), 31_536_100, 250_000_000),
        ] as [(Duration, Int64, Int32)])
    func `adds a duration, and back`(duration: Duration, seconds: Int64, nanoseconds: Int32) {
        let sum = moment + duration
        #expect(sum == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
        #expect(sum - moment == Duration(attoseconds: duration.attoseconds / 1_000_000_000 * 1_000_000_000))
        #expect(moment - sum == .zero - (sum - moment))
    }

    @Test func `carries nanoseconds over`() {
        let carried = Timestamp(seconds: 1, nanoseconds: 1_500_000_000)
        #expect((carried.seconds, carried.nanoseconds) == (2, 500_000_000))
        let borrowed = Timestamp(seconds: 1, nanoseconds: -1)
        #expect((borrowed.seconds, borrowed.nanoseconds) == (0, 999_999_999))
        let before = Timestamp(seconds: 0, nanoseconds: -1)
        #expect((before.seconds, before.nanoseconds) == (-1, 999_999_999))
        let negative = Timestamp(seconds: 0, nanoseconds: -1_000_000_000)
        #expect((negative.seconds, negative.nanoseconds) == (-1, 0))
    }

    @Test func `stays at the ends of 64 bits instead of trapping`() {
        let last = Timestamp(seconds: .max)
        let first = Timestamp(seconds: .min)
        #expect(last + .seconds(60) == last)
        #expect(last + .seconds(Int64.max) == last)
        #expect(first + .seconds(-60) == first)
        #expect(first + .seconds(Int64.min) == first)
        #expect(Timestamp(seconds: .min, nanoseconds: -1) == first)
        #expect((last - first).components.seconds == .max)
        #expect((first - last).components.seconds == -.max)
        #expect(last + .seconds(-1) == Timestamp(seconds: .max - 1))
    }

    @Test func `orders by time`() {
        let moments = [
            Timestamp(seconds: .min), Timestamp(seconds: -1), Timestamp(seconds: -1, nanoseconds: 1),
            Timestamp(seconds: 0),
            Timestamp(seconds: 0, nanoseconds: 999_999_999), Timestamp(seconds: 1), Timestamp(seconds: .max),
        ]
        for (left, earlier) in moments.enumerated() {
            for (right, later) in moments.enumerated() {
                #expect((earlier < later) == (left < right))
                #expect((earlier == later) == (left == right))
            }
        }
    }
}
