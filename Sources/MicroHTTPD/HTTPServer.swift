package import EventLoop
import Threading

/// An HTTP/1.1 server over libmicrohttpd.
///
/// One thread accepts and one ends what takes too long; event loops read, write and run the handlers, a connection suspended while its
/// handler is busy. What a handler does between two waits holds that loop's other connections up. Every server must be drained or stopped:
/// dropping it leaves it running.
package final class HTTPServer: Sendable {
    /// The port in use; 0 on a Unix socket.
    package let boundPort: UInt16

    private let bridge: Bridge
    private let shutdown: Shutdown

    private init(port: UInt16, bridge: Bridge, shutdown: Shutdown) {
        boundPort = port
        self.bridge = bridge
        self.shutdown = shutdown
    }

    /// Listens and serves until drained or stopped.
    ///
    /// - Parameters:
    ///   - loops: Where connections and handlers are run; nil makes a loop that ends with the server. They must outlive it.
    ///   - events: Told of what an operator may want to know. On loops and threads of the server: return quickly.
    ///   - prepare: Asked when the headers are there; an answer spares reading the body (404, 405, 413, 415). On a
    ///     loop: return quickly.
    ///   - refusal: Makes the answers the server gives by itself; the head is nil where it could not be read. Plain text unless given.
    ///   - handler: Answers a request. Cancelled when it misses its deadline, or when a drain's grace ends.
    package static func start(
        _ configuration: HTTPServerConfiguration, on loops: EventLoops? = nil,
        events: @escaping @Sendable (HTTPServerEvent) -> Void = { _ in },
        prepare: @escaping @Sendable (HTTPRequestHead) -> HTTPResponse? = { _ in nil },
        refusal: @escaping @Sendable (HTTPRefusal, HTTPRequestHead?) -> HTTPResponse = { refusal, _ in
            refusal.plainResponse
        },
        handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) throws(HTTPServerError) -> HTTPServer {
        var certificates: CertificateStore?
        if let tls = configuration.tls { certificates = CertificateStore(try TLSIdentity(tls)) }
        let service = HTTPService(
            events: events, prepare: prepare, refusal: refusal, handler: handler)
        let bridge = Bridge(configuration, service, certificates)
        let listening = try ListeningSocket(configuration.address)
        do {
            let shutdown = try Shutdown.start(bridge, listening, on: loops)
            return HTTPServer(port: listening.port, bridge: bridge, shutdown: shutdown)
        } catch {
            listening.close()
            throw error
        }
    }

    /// What the server has done and is doing.
    package var statistics: HTTPServerStatistics {
        var statistics = bridge.tally.withLock { $0 }
        statistics.connections = bridge.table.count
        statistics.inFlight = bridge.gate.inFlight
        statistics.openRequests = bridge.gate.openRequests
        return statistics
    }

    /// When the certificate for new connections is good; nil without TLS.
    package var certificateValidity: CertificateValidity? { bridge.certificates?.current?.validity }

    /// Uses another certificate for new connections, at once, and other authorities for the next requests. The old ones
    /// stay when the new ones cannot be used.
    ///
    /// - Returns: False when all is as it was.
    @discardableResult
    package func replaceCertificate(_ configuration: TLSConfiguration) throws(HTTPServerError) -> Bool {
        guard let certificates = bridge.certificates else { throw .noTLS }
        return certificates.replace(with: try TLSIdentity(configuration))
    }

    /// Ends the server without losing a request.
    ///
    /// For `delay` it still accepts, while answers close their connections, so that load balancers can look elsewhere.
    /// Then it listens no more; requests in flight have up to `grace`; then their tasks are cancelled and, a moment
    /// later, answered for. Returns when all threads have ended. Called again, it shortens what is under way to its own
    /// `delay` and `grace`, and waits for the same end. Cancelling the caller's task does not hurry it.
    package func drain(delay: Duration, grace: Duration) async {
        await shutdown.run(delay: delay, grace: grace)
    }

    /// Ends the server now: `drain` without delay and grace.
    package func stop() async {
        await drain(delay: .zero, grace: .zero)
    }
}
