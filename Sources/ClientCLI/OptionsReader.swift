/// Turns settings into options, and collects what is wrong with them.
struct OptionsReader {
    let settings: Settings
    let environment: ClientEnvironment
    var faults: [Fault]

    init(_ settings: Settings, environment: ClientEnvironment) {
        self.settings = settings
        self.environment = environment
        faults = settings.faults
    }

    /// A value as `parse` reads it; nil when it is not set, or not fit, which is a fault. `expected` follows "must be".
    mutating func value<Value>(_ parameter: Parameter, expected: String, parse: (String) -> Value?) -> Value? {
        guard let entry = settings[parameter] else { return nil }
        let value = parse(entry.text)
        if value == nil { refuse(parameter, entry, expected: expected) }
        return value
    }

    mutating func refuse(_ parameter: Parameter, _ entry: Settings.Entry, expected: String) {
        let shown = Printable.quote(parameter.shown(entry.text), hiding: [])
        faults.append(Fault("\(parameter.rawValue) is '\(shown)' (from \(entry.source)) and must be \(expected)"))
    }

    mutating func bool(_ parameter: Parameter) -> Bool {
        let value: Bool? = value(parameter, expected: "true or false") { text in
            // Go's ParseBool, as the plugin before us.
            switch text {
            case "1", "t", "T", "TRUE", "true", "True": true
            case "0", "f", "F", "FALSE", "false", "False": false
            default: nil
            }
        }
        return value ?? false
    }
}

extension OptionsReader {
    /// The level and format of the log: read first, because the faults are told through it.
    mutating func log() -> Log {
        let levels = Log.Level.allCases.map(\.rawValue).joined(separator: ", ")
        let level = value(.logLevel, expected: "one of \(levels)") { Log.Level(rawValue: $0.lowercased()) }
        let format = value(.logFormat, expected: "text or json") { Log.Format(rawValue: $0.lowercased()) }
        let output = value(.output, expected: "text or json") { OutputFormat(rawValue: $0.lowercased()) } ?? .text
        // A program reads standard error: nothing there but warnings and the end, all of it JSON, unless asked.
        let usual: (Log.Level, Log.Format) = output == .json ? (.warn, .json) : (.info, .text)
        return Log(
            threshold: level ?? usual.0, format: format ?? usual.1, output: output, environment: environment)
    }

    /// The options; nil when there are faults.
    mutating func options() -> Options? {
        let servers = servers()
        let roles = roles()
        let script = script()
        guard faults.isEmpty, let servers, let first = roles.first else { return nil }
        return Options(servers: servers, role: first, furtherRoles: Array(roles.dropFirst()), script: script)
    }
}
