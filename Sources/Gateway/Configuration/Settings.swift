/// The settings given, from flags, environment and file in this order, and every fault found in reading them.
///
/// A key that nobody asks for is unknown: reading and `unknownKeys` keep each other honest, there is no second list.
struct Settings {
    private var values: [String: GivenSetting] = [:]
    private var asked: Set<String> = []
    private(set) var faults: [String] = []

    /// The prefix of the environment's names: the key `listen` is `GATEWAY_LISTEN`.
    static let environmentPrefix = "GATEWAY_"

    /// A value and where it came from, for messages.
    private struct GivenSetting {
        let text: String
        let source: String
    }

    /// An empty variable counts as not set, as with Vela and Kubernetes templates.
    init(
        flags: [(key: String, value: String)], environment: [String: String], file: [(key: String, value: String)],
        fileName: String
    ) {
        for (key, value) in file { give(key, value, "\(key) in \(fileName)") }
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(Self.environmentPrefix) && !value.isEmpty {
            // One spelling only: of two that differ by case, nobody could say which one counts.
            guard name == name.uppercased() else {
                faults.append("\(name): write it in capitals, \(name.uppercased())")
                continue
            }
            give(String(name.dropFirst(Self.environmentPrefix.count)).lowercased(), value, name)
        }
        for (key, value) in flags { give(key, value, "--set \(key)") }
    }

    private mutating func give(_ key: String, _ value: String, _ source: String) {
        values[key] = GivenSetting(text: value, source: source)
    }

    /// The value of `key` as `parse` reads it. A value that it does not take is a fault that says what was expected.
    mutating func value<Value>(_ key: String, expected: String, _ parse: (String) -> Value?) -> Value? {
        asked.insert(key)
        guard let given = values[key] else { return nil }
        if let value = parse(given.text) { return value }
        faults.append("\(given.source): '\(given.text)' must be \(expected)")
        return nil
    }

    mutating func string(_ key: String) -> String? {
        value(key, expected: "a text that is not empty") { $0.isEmpty ? nil : $0 }
    }

    mutating func bool(_ key: String) -> Bool? {
        value(key, expected: "true or false") { ["true": true, "false": false][$0] }
    }

    mutating func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
        let bounds = "\(range.lowerBound) to \(range.upperBound)"
        return value(key, expected: "a time such as 500ms, 10s, 5m or 1h, from \(bounds)") { text in
            Duration(setting: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        value(key, expected: "a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(digits: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// The names that a group of settings holds, sorted: `x` for `group.x.duration`. A text in the group's own place is a fault.
    mutating func names(in group: String, expected: String) -> [String] {
        if let given = values[group] {
            asked.insert(group)
            faults.append("\(given.source): '\(given.text)' must be \(expected)")
        }
        let prefix = group + "."
        let names = values.keys.filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count).prefix { $0 != "." })
        }
        return Set(names).sorted()
    }

    /// Adds a fault that concerns more than one value.
    mutating func report(_ fault: String) { faults.append(fault) }

    /// To be called when all keys were asked for: reports the given ones that nobody knows.
    mutating func reportUnknownKeys() {
        let known = asked.sorted().joined(separator: ", ")
        for (key, given) in values.sorted(by: { $0.key < $1.key }) where !asked.contains(key) {
            faults.append("\(given.source): unknown setting; the settings are \(known)")
        }
    }
}

extension FixedWidthInteger {
    /// Digits and nothing else; `init(_:)` takes a sign too.
    init?(digits text: some StringProtocol) {
        guard text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        self.init(text, radix: 10)
    }
}

extension Duration {
    /// A whole number with a unit: ms, s, m or h. Nil for anything else.
    init?(setting text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number <= 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .milliseconds(number)
        case "s": self = .seconds(number)
        case "m": self = .seconds(number * 60)
        case "h": self = .seconds(number * 3600)
        default: return nil
        }
    }
}
