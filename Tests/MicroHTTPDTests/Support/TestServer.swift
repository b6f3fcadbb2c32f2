import EventLoop
import MicroHTTPD
import Secrets

/// What happened, in order. Written on server threads, so behind an actor-free lock of the simplest kind.
actor Record<Element: Sendable> {
    private(set) var elements: [Element] = []

    /// Adds one.
    func add(_ element: Element) { elements.append(element) }
}

/// A door that handlers wait at until a test opens it.
actor Door {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    /// How many have come to the door.
    private(set) var arrivals = 0

    /// Waits until the door is open.
    func pass() async {
        arrivals += 1
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    /// Opens it for all, for good.
    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}

extension HTTPServerConfiguration {
    /// A port of the system's choice on 127.0.0.1, with `change` made. The time limits are beyond what a test takes on
    /// the slowest machine, under a sanitizer: a test of a limit sets its own.
    static func loopback(_ change: (inout HTTPServerConfiguration) -> Void = { _ in }) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration(address: .ip(host: "127.0.0.1", port: 0))
        configuration.headerDeadline = .seconds(120)
        configuration.bodyDeadline = .seconds(120)
        configuration.idleTimeout = .seconds(120)
        configuration.requestDeadline = .seconds(120)
        change(&configuration)
        return configuration
    }
}

/// Starts a server, runs `body` and stops the server, whatever happened.
func withServer(
    _ configuration: HTTPServerConfiguration = .loopback(), loops: Int = 2,
    events: @escaping @Sendable (HTTPServerEvent) -> Void = { _ in },
    prepare: @escaping @Sendable (HTTPRequestHead) -> HTTPResponse? = { _ in nil },
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = echo,
    _ body: (HTTPServer) async throws -> Void
) async throws {
    let loops = try EventLoops(count: loops)
    defer { loops.stop() }
    let server = try HTTPServer.start(
        configuration, on: loops, events: events, prepare: prepare, handler: handler)
    do {
        try await body(server)
        await server.stop()
    } catch {
        await server.stop()
        throw error
    }
}

/// Answers with method, target and body, after one wait, so that the connection is suspended.
@Sendable func echo(_ request: HTTPRequest) async -> HTTPResponse {
    await Task.yield()
    return echoAtOnce(request)
}

/// Answers with method, target and body, without any wait.
func echoAtOnce(_ request: HTTPRequest) -> HTTPResponse {
    var text = SecretBuilder()
    text.append(Array("\(request.method.rawValue) \(request.path) \(request.query ?? "-") ".utf8).span)
    request.body.withBytes { text.append($0) }
    return HTTPResponse(status: 200, headers: [("Content-Type", "text/plain")], body: .secret(text.finish()))
}

extension BlockingClient {
    /// A GET of `path`, kept alive.
    static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n" }

    /// A POST to `path` with `body`, kept alive.
    static func post(_ path: String, _ body: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
