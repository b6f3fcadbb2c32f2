import MicroHTTPD
import OutboundHTTP

/// The version of this source. CHANGELOG.md tells what changed.
enum Version {
    static let number = "0.1.0"

    /// What `--version` prints: this program and the C libraries it runs with.
    static var summary: String {
        "vela-aws-gateway \(number) (libmicrohttpd \(HTTPServer.libraryVersion), \(OutboundHTTPClient.libraryVersion))"
    }
}
