import Foundation
import Logging

@testable import Gateway

/// The log lines of a gateway under test.
final class LineCollector: @unchecked Sendable {
    private let lock = NSLock()
    // Under `lock`.
    private var collected: [String] = []

    var lines: [String] { lock.withLock { collected } }

    /// A logger whose lines come here.
    func logger(_ level: Logger.Level = .trace) -> Logger {
        var logger = Logger(label: "test") { _ in
            JSONLogHandler(level: level) { line in
                self.lock.withLock { self.collected.append(String(decoding: line, as: UTF8.self)) }
            }
        }
        logger.logLevel = level
        return logger
    }
}
