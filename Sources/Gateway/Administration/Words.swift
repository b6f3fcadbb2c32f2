import StrictJSON

extension Duration {
    /// For people: `12 s`, `5 min`, `3 h 12 min`, `4 days 3 h`. What is finer is left out; a negative one is none.
    var inWords: String {
        let seconds = max(components.seconds, 0)
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        func joined(_ large: String, _ small: Int64, _ unit: String) -> String {
            small > 0 ? "\(large) \(small) \(unit)" : large
        }
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: joined("\(minutes) min", seconds % 60, "s")
        case ..<172_800: joined("\(hours) h", minutes % 60, "min")
        default: joined("\(days) days", hours % 24, "h")
        }
    }
}

extension Timestamp {
    /// RFC 3339 without a fraction.
    var toTheSecond: String { Timestamp(seconds: seconds).description }
}

extension Int {
    /// `once`, `twice`, `3 times`.
    var times: String {
        switch self {
        case 1: "once"
        case 2: "twice"
        default: "\(self) times"
        }
    }
}

extension HTML {
    /// A moment, for people and machines.
    static func time(_ moment: Timestamp) -> HTML {
        .element(.time, [.set(.datetime, moment.toTheSecond)], [.text(moment.toTheSecond)])
    }
}
