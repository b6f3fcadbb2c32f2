import Foundation

/// A private certificate authority, made by the openssl command in a folder of the scene.
struct Authority: Sendable {
    let folder: URL
    var certificate: URL { folder.appending(path: "ca.pem") }
    /// The server's chain and key, for 127.0.0.1, and for 0.0.0.0, which is this machine to a proxy on it.
    var server: URL { folder.appending(path: "server.pem") }
    var key: URL { folder.appending(path: "server-key.pem") }

    fileprivate static let script = """
        new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@"; }
        new -x509 -days 2 -subj "/CN=$1" -keyout ca-key.pem -out ca.pem
        new -subj /CN=gateway -keyout server-key.pem -out server.csr
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:0.0.0.0\\n' >server.ext
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile server.ext -days 2 -out server.pem
        """
}

extension Scene {
    /// Makes an authority and a server's certificate of it.
    func authority(_ name: String) async throws -> Authority {
        let authority = Authority(folder: file(name))
        try FileManager.default.createDirectory(at: authority.folder, withIntermediateDirectories: false)
        let made = try await run(
            URL(filePath: "/bin/sh"), ["-euc", "cd \"$0\"; \(Authority.script)", authority.folder.path, name],
            name: "openssl")
        guard made.status == 0 else { throw Unexpected("openssl: \(made.errors)") }
        return authority
    }
}
