import Foundation

/// HAProxy before replicas of the gateway: what most clusters' load balancers do, in one program.
///
/// It listens on a Unix socket, because it cannot tell which port the system chose for it. The replicas' addresses are set
/// while it runs, as a cluster does when it replaces one.
struct HAProxy: Sendable {
    let child: Child
    let socket: URL
    private let control: URL

    /// The names of the places for replicas.
    static let places = ["first", "second"]

    fileprivate init(child: Child, socket: URL, control: URL) {
        (self.child, self.socket, self.control) = (child, socket, control)
    }

    /// `/readyz` is asked five times a second; one no takes a replica out, as Kubernetes does with its own probe.
    fileprivate static func configuration(socket: URL, control: URL) -> String {
        """
        global
            stats socket \(control.path) level admin
        defaults
            mode http
            timeout connect 2s
            timeout client 60s
            timeout server 60s
            timeout check 2s
        frontend service
            bind unix@\(socket.path)
            default_backend gateway
        backend gateway
            balance roundrobin
            option httpchk GET /readyz
            default-server check inter 200ms fall 1 rise 1
        \(places.map { "    server \($0) 127.0.0.1:1 disabled" }.joined(separator: "\n"))

        """
    }

    /// Sends requests to `gateway` in the place `name` from now on, once it is ready.
    func use(_ gateway: Gateway, as name: String, in scene: Scene) async throws {
        let (service, health) = (try port(of: gateway.service), try port(of: gateway.health))
        for command in [
            "set server gateway/\(name) addr 127.0.0.1 port \(service)",
            "set server gateway/\(name) check-port \(health)", "enable server gateway/\(name)",
            "set server gateway/\(name) state ready",
        ] { _ = try await tell(command, in: scene) }
        try await poll("\(name) to be used") { try await isUp(name, in: scene) ? true : nil }
    }

    /// Whether requests are sent to the place `name`.
    func isUp(_ name: String, in scene: Scene) async throws -> Bool {
        let lines = try await tell("show stat", in: scene).split(separator: "\n")
        return lines.contains { $0.hasPrefix("gateway,\(name),") && $0.contains(",UP,") }
    }

    private func port(of url: String) throws -> String {
        guard let port = url.split(separator: ":").last else { throw Unexpected("no port in \(url)") }
        return String(port)
    }

    private func tell(_ command: String, in scene: Scene) async throws -> String {
        let script = """
            import socket, sys
            control = socket.socket(socket.AF_UNIX)
            control.connect(sys.argv[1])
            control.sendall(sys.argv[2].encode() + b"\\n")
            print(b"".join(iter(lambda: control.recv(65536), b"")).decode())
            """
        return try await scene.run(
            Programs.python(), ["-c", script, control.path, command], name: "haproxy-control"
        ).output
    }
}

extension Scene {
    /// Starts a proxy without replicas.
    func haproxy() async throws -> HAProxy {
        let (socket, control) = (file("service.sock"), file("control.sock"))
        let configuration = try write(
            HAProxy.configuration(socket: socket, control: control), to: "haproxy.cfg")
        let child = try start(URL(filePath: "/usr/sbin/haproxy"), ["-db", "-f", configuration.path], name: "haproxy")
        try await poll("the proxy's sockets") {
            guard child.isRunning else { throw Unexpected("haproxy: \(child.errors)") }
            return FileManager.default.fileExists(atPath: socket.path) ? true : nil
        }
        return HAProxy(child: child, socket: socket, control: control)
    }
}
