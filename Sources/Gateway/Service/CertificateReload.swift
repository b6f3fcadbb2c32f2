import Logging
import MicroHTTPD
import StrictJSON
import Threading

/// The listener's certificate and its renewal: on SIGHUP, and when the files look different. What cannot be used leaves
/// the one in use in place, and shows in log and metric.
final class CertificateReload: Sendable {
    private let files: TLSFiles
    private let server: HTTPServer
    private let metrics: GatewayMetrics
    private let logger: Logger
    /// What lay there at the last reading, good or not.
    private let marks: Lock<[FileMark]>

    /// - Parameter marks: The state of the files that `server` was started with.
    init(_ files: TLSFiles, marks: [FileMark], server: HTTPServer, metrics: GatewayMetrics, logger: Logger) {
        self.files = files
        self.server = server
        self.metrics = metrics
        self.logger = logger
        self.marks = Lock(marks)
    }

    /// Reads the files again.
    func perform() {
        let before = files.marks()
        marks.withLock { $0 = before }
        do throws(StartFailure) {
            let loaded = try files.read()
            marks.withLock { $0 = loaded.marks }
            try install(loaded.configuration)
        } catch {
            count("failed")
            logger.error("the certificate was not reloaded; the one in use stays", metadata: ["cause": "\(error)"])
        }
    }

    /// Reloads whenever the files look different, until `sleep` throws, as it does when its task is cancelled. A mounted
    /// secret is swapped by a link to another folder, which the files behind it show. Nobody waits for it.
    func watch(every interval: Duration = .seconds(2), sleep: (Duration) async throws -> Void) async {
        while true {
            do { try await sleep(interval) } catch { return }
            let now = files.marks()
            if marks.withLock({ $0 != now }) { perform() }
        }
    }

    private func install(_ configuration: TLSConfiguration) throws(StartFailure) {
        let isNew: Bool
        do throws(HTTPServerError) {
            isNew = try server.replaceCertificate(configuration)
        } catch {
            throw StartFailure("\(error)")
        }
        count(isNew ? "replaced" : "unchanged")
        guard isNew else { return }
        let end = server.certificateValidity.map { Timestamp(seconds: $0.ends).description } ?? ""
        logger.notice("certificate reloaded", metadata: ["expires_at": "\(end)"])
    }

    private func count(_ result: String) {
        metrics.count(.tlsReloads, [("result", result)])
    }
}
