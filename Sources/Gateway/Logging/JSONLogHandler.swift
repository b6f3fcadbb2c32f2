import Glibc
package import Logging
import StrictJSON

/// Writes each message as one JSON line to standard error: time, level, message, then the metadata.
///
/// Messages are constant; what varies is metadata. No secret reaches it: a `Secret` describes itself as `<secret>`.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let write: @Sendable ([UInt8]) -> Void

    /// `write` takes one whole line at a time.
    package init(level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void = Self.writeToStandardError) {
        logLevel = level
        self.write = write
    }

    private static let ownNames: Set<String> = ["time", "level", "message", "error"]

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var writer = JSONWriter(into: [UInt8]())
        writer.beginObject()
        writer.member("time", Timestamp.now().rfc3339Milliseconds)
        writer.member("level", event.level.rawValue)
        writer.member("message", event.message.description)
        if let error = event.error { writer.member("error", "\(error)") }
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            // No name may stand twice in an object.
            writer.member(Self.ownNames.contains(key) ? "metadata_" + key : key, value.description)
        }
        writer.endObject()
        write(writer.finish() + [UInt8(ascii: "\n")])
    }

    /// Writes with one call, so that lines of several threads do not mix. What standard error does not take is lost: a log
    /// must not stop the service.
    @Sendable package static func writeToStandardError(_ line: [UInt8]) {
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
