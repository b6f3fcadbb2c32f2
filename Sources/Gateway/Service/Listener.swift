import ExchangeAPI
import Logging
import MicroHTTPD
import OutboundHTTP
import Secrets

/// One of the gateway's listeners, as metrics name it.
enum ListenerName: String, Sendable {
    case service
    case health
    case administration
    case issuer
}

/// Starts a server whose answers are counted and whose events are logged.
struct Listener: Sendable {
    let name: ListenerName
    let metrics: GatewayMetrics
    let logger: Logger
    /// What metrics and logs call a path: a known route or `other`, never the caller's text.
    let route: @Sendable (_ path: String) -> String
    /// The words in which a path's clients read a refusal.
    var dialect: @Sendable (_ path: String) -> Dialect = { _ in .problem }

    func start(
        _ configuration: HTTPServerConfiguration,
        prepare: @escaping @Sendable (HTTPRequestHead) -> HTTPResponse?,
        handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) throws(StartFailure) -> HTTPServer {
        do throws(HTTPServerError) {
            return try HTTPServer.start(
                configuration,
                events: { report($0) },
                prepare: { head in
                    let response = prepare(head)
                    if let response { count(head.path, response.status) }
                    return response
                },
                refusal: { refusal, head in
                    if refusal == .overdue, let head { count(head.path, refusal.status) }
                    return refusal.response(in: head.map { dialect($0.path) } ?? .problem)
                },
                handler: { request in
                    let response = await handler(request)
                    count(request.path, response.status)
                    return response
                })
        } catch {
            throw StartFailure("\(name.rawValue) listener: \(error)")
        }
    }

    private func count(_ path: String, _ status: Int) {
        metrics.count(
            .httpRequests, [("listener", name.rawValue), ("route", route(path)), ("status", String(status))])
    }

    private func report(_ event: HTTPServerEvent) {
        let listener: Logger.Metadata = ["listener": "\(name.rawValue)"]
        switch event {
        case .refused(let refusal, let peer):
            metrics.count(.httpRefusals, [("listener", name.rawValue), ("status", String(refusal.status))])
            logger.debug(
                "request refused by the HTTP server",
                metadata: listener.merging(["reason": "\(refusal.sentence)", "source_address": "\(peer.host)"]) { $1 })
        case .acceptFailed(let code):
            logger.error("cannot accept connections", metadata: listener.merging(["errno": "\(code)"]) { $1 })
        case .unusableResponse(let head):
            logger.error(
                "an answer could not be sent as it was",
                metadata: listener.merging(["route": "\(route(head.path))"]) { $1 })
        // No line for these, or a caller could fill the log.
        case .connectionLimitReached: count("limit")
        case .addressLimitReached: count("address_limit")
        case .reaped(.idle, _): count("idle")
        case .reaped: count("slow")
        }
    }

    /// Counts a connection that the server ended.
    private func count(_ reason: String) {
        metrics.count(.httpConnectionsEnded, [("listener", name.rawValue), ("reason", reason)])
    }
}

extension HTTPRefusal {
    /// What the server answers by itself.
    fileprivate func response(in dialect: Dialect) -> HTTPResponse {
        switch self {
        case .malformed: return dialect.response(ProblemSummary(.invalidRequest, sentence))
        case .bodyTooLarge: return dialect.response(ProblemSummary(.requestTooLarge, sentence))
        case .stopping: return dialect.response(ProblemSummary(.draining, sentence, retryAfter: .seconds(1)))
        case .overdue: return dialect.response(ProblemSummary(.overloaded, sentence, retryAfter: .seconds(1)))
        case .clientCertificate: return dialect.response(ProblemSummary(.clientCertificate, sentence))
        case .unknownMethod:
            var response = plainResponse
            response.headers.append((name: "X-Request-Id", value: RequestID().description))
            return response
        }
    }
}
