import ExchangeAPI
import MicroHTTPD

/// The administrator's listener: what the gateway is doing, and why it decides as it does. Nothing here makes or changes anything.
struct AdministrationRoutes: Sendable {
    private let host: OwnHost
    private let source: StatusSource
    private let explain: ExplainEndpoint

    init(status source: StatusSource, at address: ListenAddress) {
        host = OwnHost(address)
        self.source = source
        explain = ExplainEndpoint(
            policies: source.parts.policies, emergency: source.parts.exchange.emergency, now: source.parts.exchange.now)
    }

    /// Starts to listen.
    func serve(_ configuration: HTTPServerConfiguration) throws(StartFailure) -> HTTPServer {
        let listener = Listener(
            name: .administration, metrics: source.parts.metrics, logger: source.parts.logger,
            route: { Route(rawValue: $0)?.rawValue ?? "other" })
        let server: HTTPServer
        do throws(StartFailure) {
            server = try listener.start(configuration, prepare: prepare, handler: { await respond(to: $0) })
        } catch {
            throw StartFailure("\(error); the setting is admin_listen, and off switches this listener off")
        }
        host.bound(to: server.boundPort)
        return server
    }

    /// The paths. The raw value is the path and what metrics call it.
    enum Route: String, Sendable, CaseIterable {
        case page = "/"
        case policy = "/policy"
        case explain = "/explain"

        var methods: [HTTPMethod] { self == .explain ? [.get, .post] : [.get] }
        var allow: String { self == .explain ? "GET, HEAD, POST" : "GET, HEAD" }
    }

    /// Refuses from the head alone what can be, the strangest first.
    private func prepare(_ head: HTTPRequestHead) -> HTTPResponse? {
        guard host.names(head.headers["host"]) else {
            return .line(
                421,
                "This listener answers to localhost, 127.0.0.1 and [::1] with its own port. When you forward a port, give it the same number on both sides."
            )
        }
        guard let route = Route(rawValue: head.path) else {
            return .line(404, "The administrator's listener serves /, /policy and /explain.")
        }
        guard route.methods.contains(head.method) else {
            var response = HTTPResponse.line(405, "Use \(route.allow).")
            response.headers.append((name: "Allow", value: route.allow))
            return response
        }
        guard head.method == .post else { return nil }
        guard OwnHost.isOrigin(head.headers["origin"], at: head.headers["host"]) else {
            return .line(
                403,
                "A POST needs the Origin of this listener: a browser sends it, for curl add -H 'Origin: http://HOST:PORT'."
            )
        }
        guard ExplainEndpoint.Form(mediaType: head.headers["content-type"]) == nil else { return nil }
        return .line(415, "Send a form, or 'Content-Type: application/json'.")
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch Route(rawValue: request.path) {
        case .page: StatusPage(status: source.status(), form: explain.form()).response
        case .policy: .document(source.status().policy.bytes)
        case .explain: request.method == .post ? explain.respond(to: request) : explain.page()
        case nil: .line(404, "There is no such path.")
        }
    }
}
