import MicroHTTPD
import StrictJSON

/// The health listener: nothing that concerns a caller.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    let metrics: GatewayMetrics
    /// Sets the gauges that are read, not counted, before they are shown.
    let refresh: @Sendable () -> Void

    /// What it serves, all by GET.
    static let paths = ["/livez", "/readyz", "/metrics"]

    static func prepare(_ head: HTTPRequestHead) -> HTTPResponse? {
        guard paths.contains(head.path) else { return .text(404, "There is no such path.") }
        guard head.method == .get else {
            var response = HTTPResponse.text(405, "Use GET, HEAD.")
            response.headers.append((name: "Allow", value: "GET, HEAD"))
            return response
        }
        return nil
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch request.path {
        case "/livez": return .text(200, "alive")
        case "/readyz": return readyz()
        default:
            refresh()
            let headers = [(name: "Content-Type", value: ExpositionText.mediaType)]
            return HTTPResponse(status: 200, headers: headers, body: .bytes(metrics.registry.exposition()))
        }
    }

    private func readyz() -> HTTPResponse {
        let report = readiness.report()
        let headers = [(name: "Content-Type", value: "application/json"), (name: "Cache-Control", value: "no-store")]
        return HTTPResponse(status: report.isReady ? 200 : 503, headers: headers, body: .bytes(report.bytes))
    }
}
