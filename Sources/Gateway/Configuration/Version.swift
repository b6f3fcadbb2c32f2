import MicroHTTPD
import OutboundHTTP

/// The version of this source. CHANGELOG.md tells what changed.
enum Version {
    static let number = "0.1.0"

    /// How the gateway names itself to issuers and STS.
    static let userAgent = "vela-aws-gateway/\(number)"

    /// What `--version` prints: this program and the C libraries it runs with.
    static var summary: String {
        "vela-aws-gateway \(number) (libmicrohttpd \(HTTPServer.libraryVersion), \(OutboundHTTPClient.libraryVersion))"
    }
}
