import Logging
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// Log lines.
struct JSONLogHandlerTests {
    private struct Mishap: Error {}

    @Test func `writes one JSON line a message, whatever is in it`() throws {
        let log = LineCollector()
        log.logger().error(
            "two\nlines \"quoted\" \u{1b}[31m", metadata: ["key": "line\nfeed\u{7f}", "list": ["a", "b"]])
        let line = try #require(log.lines.first)
        #expect(log.lines.count == 1 && line.hasSuffix("\n") && line.utf8.count(where: { $0 == 0x0A }) == 1)
        #expect(!line.utf8.contains(0x1B) && !line.utf8.contains(0x7F))
        let members = try members(of: line)
        #expect(members["message"] == "two\nlines \"quoted\" \u{1b}[31m")
        #expect(members["level"] == "error" && members["key"] == "line\nfeed\u{7f}")
        #expect(try Timestamp(parsing: #require(members["time"]?.string)) != nil)
    }

    @Test func `a call's metadata wins over the logger's`() throws {
        let log = LineCollector()
        var logger = log.logger()
        logger[metadataKey: "both"] = "logger"
        logger[metadataKey: "one"] = "logger"
        logger.info("m", metadata: ["both": "call"])
        let members = try members(of: #require(log.lines.first))
        #expect(members["both"] == "call" && members["one"] == "logger")
    }

    @Test func `no name stands twice in a line`() throws {
        let log = LineCollector()
        log.logger().warning("m", error: Mishap(), metadata: ["time": "t", "level": "l", "message": "x", "error": "e"])
        // The parser refuses an object with one name twice.
        let members = try members(of: #require(log.lines.first))
        #expect(members["message"] == "m" && members["metadata_message"] == "x")
        #expect(members["error"] == "Mishap()" && members["metadata_error"] == "e")
    }

    @Test func `keeps to its level`() {
        let log = LineCollector()
        let logger = log.logger(.warning)
        logger.notice("quiet")
        logger.warning("loud")
        #expect(log.lines.count == 1 && log.lines.first?.contains("loud") == true)
    }

    private func members(of line: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(line.utf8.dropLast())).object)
    }
}
