import Foundation

/// A proxy that lets through who knows its password.
struct ProxyAccess: Sendable {
    let url: String
    static let password = "canary-of-the-proxy"
    private let log: URL

    /// What it did, a line for each request.
    var lines: String { get throws { try String(contentsOf: log, encoding: .utf8) } }

    fileprivate init(port: String, log: URL) {
        url = "http://step:\(Self.password)@127.0.0.1:\(port)"
        self.log = log
    }
}

extension Scene {
    /// Starts tinyproxy and waits until it listens.
    func proxy() async throws -> ProxyAccess {
        // It cannot choose a port itself. Should another program take this one first, it ends, and the test says so.
        let script = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1], end='')"
        let port = try await run(Programs.python(), ["-c", script], name: "port").output
        let log = file("tinyproxy.log")
        let configuration = try write(
            """
            Port \(port)
            Listen 127.0.0.1
            Timeout 60
            LogLevel Connect
            LogFile "\(log.path)"
            BasicAuth step \(ProxyAccess.password)
            """, to: "tinyproxy.conf")
        let child = try start(Programs.tinyProxy, ["-d", "-c", configuration.path], name: "tinyproxy")
        let listens = "import socket; socket.create_connection(('127.0.0.1', \(port)))"
        try await poll("the proxy") {
            guard child.isRunning else { throw Unexpected("tinyproxy: \(child.output)\(child.errors)") }
            return try await run(Programs.python(), ["-c", listens], name: "try").status == 0 ? true : nil
        }
        return ProxyAccess(port: port, log: log)
    }
}
