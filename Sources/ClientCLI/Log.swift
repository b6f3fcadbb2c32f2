import StrictJSON

/// The program's words for people, on standard error. Data for programs goes to standard output and not through here.
struct Log {
    /// The levels of the plugin before us. Nothing is said at the last two, which stay accepted.
    enum Level: String, CaseIterable, Comparable {
        case trace, debug, info, warn, error, fatal, panic

        static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// How a line looks.
    enum Format: String, CaseIterable { case text, json }

    let threshold: Level
    let format: Format
    let output: OutputFormat
    let environment: ClientEnvironment

    init(threshold: Level, format: Format, output: OutputFormat, environment: ClientEnvironment) {
        // An error that ends the program is never silenced.
        self.threshold = min(threshold, .error)
        self.format = format
        self.output = output
        self.environment = environment
    }

    func trace(_ text: @autoclosure () -> String) { write(.trace, text) }
    func debug(_ text: @autoclosure () -> String) { write(.debug, text) }
    func info(_ text: @autoclosure () -> String) { write(.info, text) }
    func warn(_ text: @autoclosure () -> String) { write(.warn, text) }
    func error(_ text: @autoclosure () -> String) { write(.error, text) }

    private func write(_ level: Level, _ text: () -> String) {
        guard level >= threshold else { return }
        switch format {
        case .text: environment.writeError("\(level.rawValue): \(Printable.text(text()))\n")
        case .json:
            var writer = JSONWriter(into: [UInt8]())
            writer.beginObject()
            writer.member("time", environment.clock().description)
            writer.member("level", level.rawValue)
            writer.member("msg", Printable.text(text()))
            writer.endObject()
            environment.writeError(String(decoding: writer.finish(), as: UTF8.self) + "\n")
        }
    }
}
