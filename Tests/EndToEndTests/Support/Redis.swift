import Foundation

/// A real server of the Redis protocol, on loopback.
struct Redis: Sendable {
    static let password = "CANARY-redis-password"

    let child: Child
    let port: Int
    /// As the gateway's settings say it.
    let settings: [String: String]

    /// What its own client prints for a command.
    func command(_ words: String..., in scene: Scene) async throws -> String {
        let ended = try await scene.run(
            URL(filePath: "/usr/bin/redis-cli"), ["-h", "127.0.0.1", "-p", "\(port)"] + words,
            variables: ["REDISCLI_AUTH": Self.password], name: "redis-cli")
        guard ended.status == 0 else { throw Unexpected("redis-cli: \(ended.errors)") }
        return ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension Scene {
    /// Starts a server with a password, on `port` or a free one; with TLS where there is an authority for it.
    func redis(port: Int? = nil, tls authority: Authority? = nil) async throws -> Redis {
        let password = try write(Redis.password + "\n", to: "redis-password")
        // It cannot be asked which port the system chose, so a free one is looked up, and another where somebody was faster.
        for _ in 0..<5 {
            let number = try port ?? freePort()
            let child = try start(
                URL(filePath: "/usr/bin/redis-server"),
                ["--bind", "127.0.0.1", "--save", "", "--dir", folder.path, "--requirepass", Redis.password]
                    + ports(number, authority), name: "redis")
            let isUp = try await poll("redis") {
                if child.output.contains("Ready to accept connections") { return true }
                return child.isRunning ? nil : false
            }
            guard isUp else { continue }
            var settings = [
                "GATEWAY_ONE_USE_STORE": "\(authority == nil ? "redis" : "rediss")://127.0.0.1:\(number)",
                "GATEWAY_ONE_USE_STORE_PASSWORD_FILE": password.path,
            ]
            settings["GATEWAY_ONE_USE_STORE_CA_FILE"] = authority?.certificate.path
            return Redis(child: child, port: number, settings: settings)
        }
        throw Unexpected("redis-server found no free port")
    }

    private nonisolated func ports(_ number: Int, _ authority: Authority?) -> [String] {
        guard let authority else { return ["--port", "\(number)"] }
        return [
            "--port", "0", "--tls-port", "\(number)", "--tls-cert-file", authority.server.path, "--tls-key-file",
            authority.key.path, "--tls-ca-cert-file", authority.certificate.path, "--tls-auth-clients", "no",
        ]
    }

    private nonisolated func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // Ours, for both calls.
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isBound else { throw Unexpected("no free port: errno \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
